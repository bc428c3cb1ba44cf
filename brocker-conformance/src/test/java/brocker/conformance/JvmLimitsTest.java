package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a JVM inside takes for its host. */
class JvmLimitsTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static final String PROGRAM = """
            public class Sizes {
                public static void main(String[] args) {
                    Runtime runtime = Runtime.getRuntime();
                    System.out.println("java " + Runtime.version().feature());
                    System.out.println("heap " + runtime.maxMemory());
                    System.out.println("processors " + runtime.availableProcessors());
                }
            }
            """;

    @BeforeAll
    static void add() {
        BROCKERD.addService("{\"name\": \"jvm\", \"bridge-ip\": \"10.77.11.1\"}");
    }

    /** The JVMs that the host has for its users: the one that runs these tests, and the distribution's own. */
    static List<Path> jvms() {
        return List.of(Path.of(System.getProperty("java.home")), Path.of("/usr/lib/jvm/java-17-openjdk-amd64"));
    }

    private static List<String> sizes(Path home, String limits) {
        String json = """
                {"service-name": "jvm", "command": "%s/bin/java /app/Sizes.java", "copy-file": true, "file": "Sizes.java", %s}
                """.formatted(home, limits);
        BROCKERD.file("Sizes.java", PROGRAM);
        String name = BROCKERD.client(
                        "container", "run", BROCKERD.file("jvm.json", json).toString())
                .succeeded()
                .stdout()
                .strip();
        assertThat(BROCKERD.awaitExit(name)).isZero();
        return BROCKERD.client("container", "logs", name).stdout().lines().toList();
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void heapIsAQuarterOfTheMemoryAndProcessorsFollowCpus(Path home) {
        assertThat(home.resolve("bin/java")).isExecutable();
        List<String> lines = sizes(home, "\"memory\": \"512m\", \"cpus\": 1");

        long heap = Long.parseLong(lines.get(1).substring("heap ".length()));
        // A quarter is 128 MiB, of which a collector with survivor spaces counts one as never free.
        assertThat(heap).isBetween(100L << 20, 128L << 20);
        assertThat(lines.get(2)).isEqualTo("processors 1");
    }

    @ParameterizedTest
    @MethodSource("jvms")
    void processorsFollowTheCpuset(Path home) {
        assertThat(sizes(home, "\"cpuset\": \"0\", \"memory\": \"1g\"").get(2)).isEqualTo("processors 1");
    }

    @Test
    void bothVersionsAreTried() {
        assertThat(jvms().stream()
                        .map(home -> sizes(home, "\"memory\": \"512m\"").getFirst()))
                .containsExactly("java 25", "java 17");
    }
}
