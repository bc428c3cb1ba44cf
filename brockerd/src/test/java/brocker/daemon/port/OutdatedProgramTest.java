package brocker.daemon.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class OutdatedProgramTest {
    private static OutdatedProgram replaced(String... paths) {
        Map<String, String> files = new TreeMap<>();
        for (String path : paths) {
            files.put(path, "1:2");
        }
        return new OutdatedProgram(new TreeMap<>(files));
    }

    @Test
    void programIsNamedBeforeItsLibraries() {
        assertThat(replaced("/usr/lib/libssl.so.3", "/usr/sbin/nginx").text())
                .isEqualTo(
                        "nginx was started before the installed \"/usr/sbin/nginx\", \"/usr/lib/libssl.so.3\" were replaced");
    }

    @Test
    void programBelowADirectoryNamedLikeALibraryIsNamedFirstToo() {
        assertThat(replaced("/opt/a.so", "/opt/b.so.1.1", "/opt/c.software/nginx")
                        .paths())
                .isEqualTo("\"/opt/c.software/nginx\", \"/opt/a.so\", \"/opt/b.so.1.1\"");
    }

    @Test
    void manyFilesAreNotAllNamed() {
        assertThat(replaced("/a.so", "/b.so", "/c.so", "/d.so", "/usr/sbin/nginx")
                        .text())
                .isEqualTo(
                        "nginx was started before the installed \"/usr/sbin/nginx\", \"/a.so\", \"/b.so\" and 2 more were replaced");
    }

    @Test
    void anotherReplacementOfTheSameFileIsAnotherFinding() {
        OutdatedProgram first = replaced("/usr/sbin/nginx");

        assertThat(replaced("/usr/sbin/nginx")).isEqualTo(first);
        assertThat(new OutdatedProgram(new TreeMap<>(Map.of("/usr/sbin/nginx", "1:3"))))
                .isNotEqualTo(first);
    }
}
