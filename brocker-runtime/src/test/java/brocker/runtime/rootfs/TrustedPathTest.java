package brocker.runtime.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedPathTest {
    private final Path top;
    private final Path shared;

    TrustedPathTest(@TempDir Path directory) throws IOException {
        this.top = directory.toRealPath();
        this.shared = top.resolve("srv/shared");
    }

    @BeforeEach
    void make() throws IOException {
        Files.createDirectories(shared.resolve("app"));
        Files.createSymbolicLink(top.resolve("data"), Path.of("srv/shared"));
        Files.createSymbolicLink(top.resolve("current"), top.resolve("data/app"));
        Files.createSymbolicLink(shared.resolve("app/link"), Path.of("/etc"));
    }

    private TrustedPath of(String path, Path... writable) throws IOException {
        return TrustedPath.of(top.resolve(path), List.of(writable));
    }

    @Test
    void linksOfTheAdministratorAreFollowed() throws IOException {
        assertThat(of("current/x")).isEqualTo(new TrustedPath(shared.resolve("app/x"), ""));
        assertThat(of("data/../y")).isEqualTo(new TrustedPath(top.resolve("srv/y"), ""));
        assertThat(of("missing/z")).isEqualTo(new TrustedPath(top.resolve("missing/z"), ""));
    }

    @Test
    void itEndsAtADirectoryThatContainersCanWrite() throws IOException {
        assertThat(of("srv/shared/app/link", shared)).isEqualTo(new TrustedPath(shared, "app/link"));
        assertThat(of("srv/shared", shared)).isEqualTo(new TrustedPath(shared, ""));
        assertThat(of("data/../other", shared)).isEqualTo(new TrustedPath(top.resolve("srv/other"), ""));
        assertThat(of("srv/other", shared)).isEqualTo(new TrustedPath(top.resolve("srv/other"), ""));
    }

    @Test
    void whicheverNameTheDirectoryAndThePathHave() throws IOException {
        Path alias = top.resolve("data");
        assertThat(of("srv/shared/app/link", alias)).isEqualTo(new TrustedPath(shared, "app/link"));
        assertThat(of("data/app/link", shared)).isEqualTo(new TrustedPath(shared, "app/link"));
        assertThat(of("current/link", alias)).isEqualTo(new TrustedPath(shared, "app/link"));
        assertThat(of("current/link", top.resolve("current")))
                .isEqualTo(new TrustedPath(shared.resolve("app"), "link"));
    }

    @Test
    void linksInACircleEnd() throws IOException {
        Files.createSymbolicLink(top.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(top.resolve("b"), Path.of("a"));
        assertThatThrownBy(() -> of("a/x")).isInstanceOf(FileSystemLoopException.class);
    }
}
