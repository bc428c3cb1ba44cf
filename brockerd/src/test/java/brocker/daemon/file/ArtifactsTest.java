package brocker.daemon.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brocker.kernel.Directory;
import brocker.spec.Artifact;
import brocker.spec.BrockerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArtifactsTest {
    private final Path directory;
    private final Artifacts artifacts;

    ArtifactsTest(@TempDir Path directory) {
        this.directory = directory.resolve("artifacts");
        this.artifacts = new Artifacts(this.directory);
    }

    private static String digest(String content) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
    }

    private String put(String content) throws Exception {
        artifacts.put(digest(content), new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
        return digest(content);
    }

    @Test
    void uploadIsFoundUnderItsDigest() throws Exception {
        String digest = put("content");

        assertThat(artifacts.has(digest)).isTrue();
        assertThat(directory.resolve(digest)).hasContent("content");
        assertThat(put("content")).isEqualTo(digest);
        assertThat(directory).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void contentOfAnotherDigestIsNotStored() throws Exception {
        String digest = digest("what was promised");
        BrockerException refusal = catchThrowableOfType(
                BrockerException.Invalid.class, () -> artifacts.put(digest, new ByteArrayInputStream(new byte[3])));

        assertThat(refusal.code()).isEqualTo("digest-mismatch");
        assertThat(refusal.message()).contains("\"" + digest + "\"");
        assertThat(artifacts.has(digest)).isFalse();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void uploadThatBreaksOffIsNotStored() throws Exception {
        String digest = digest("abc");
        InputStream breaking = new InputStream() {
            private int left = 3;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0];
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (left-- == 0) {
                    throw new IOException("connection reset");
                }
                bytes[offset] = 'a';
                return 1;
            }
        };

        assertThatThrownBy(() -> artifacts.put(digest, breaking)).hasMessage("connection reset");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void digestThatIsAPathIsRefused() {
        assertThatThrownBy(() -> artifacts.has("../brocker.db")).isInstanceOf(BrockerException.Invalid.class);
        assertThatThrownBy(() -> artifacts.put("..", InputStream.nullInputStream()))
                .isInstanceOf(BrockerException.Invalid.class);
        assertThat(directory).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "false, false, rw-r--r--",
        "true, false, rwxr-xr-x",
        "false, true, rw-------",
        "true, true, rwx------",
    })
    void copyHasThePermissionsOfItsKind(boolean executable, boolean ownerOnly, String permissions, @TempDir Path app)
            throws Exception {
        Artifact artifact = new Artifact("f", put("content"), executable, ownerOnly);
        try (Directory target = Directory.open(app)) {
            artifacts.copyTo(artifact, target).close();
        }

        assertThat(app.resolve("f")).hasContent("content");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(app.resolve("f"))))
                .isEqualTo(permissions);
    }

    @Test
    void whatNobodyUsesIsRemoved() throws Exception {
        artifacts.retain(Set.of(), Duration.ZERO);
        String used = put("used");
        String unused = put("unused");
        Files.writeString(directory.resolve("upload-1.part"), "left behind");
        artifacts.retain(Set.of(used, digest("never uploaded")), Duration.ZERO);

        assertThat(artifacts.has(used)).isTrue();
        assertThat(artifacts.has(unused)).isFalse();
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void whatSomebodyIsAboutToNameStays() throws Exception {
        String fresh = put("fresh");
        String forgotten = put("forgotten");
        String asked = put("asked for");
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
        Files.setLastModifiedTime(directory.resolve(forgotten), old);
        Files.setLastModifiedTime(directory.resolve(asked), old);
        artifacts.has(asked);
        artifacts.retain(Set.of(), Duration.ofHours(1));

        assertThat(artifacts.has(fresh)).isTrue();
        assertThat(artifacts.has(asked)).isTrue();
        assertThat(artifacts.has(forgotten)).isFalse();
    }
}
