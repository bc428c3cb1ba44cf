package brocker.client;

import static brocker.client.Canned.CONTAINER;
import static brocker.client.Canned.NAME;
import static brocker.client.Canned.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code container run} and {@code service add}: what becomes of the file. */
@Timeout(60)
class SpecFileTest {
    @RegisterExtension
    final Client client = new Client();

    @TempDir
    Path folder;

    @Test
    void runUploadsOnlyWhatIsMissingAndPostsArtifacts() throws IOException {
        Files.createDirectory(folder.resolve("target"));
        Files.writeString(folder.resolve("target/a.jar"), "a");
        assertThat(folder.resolve("target/a.jar").toFile().setExecutable(true)).isTrue();
        Files.writeString(folder.resolve("b.txt"), "b");
        Path file = folder.resolve("c.json");
        Files.writeString(
                file,
                "{\"service-name\":\"shop\",\"command\":\"x\",\"copy-file\":true,\"file\":\"target/a.jar\",\"files\":[\"b.txt\"]}");
        String a = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
        String b = "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d";
        client.daemon.on("HEAD /api/v1/artifacts/" + b, 200, "").on("POST /api/v1/containers", 201, CONTAINER);
        assertThat(client.run("container", "run", file.toString())).isZero();
        assertThat(client.out()).isEqualTo(NAME + "\n");
        assertThat(client.err()).isEmpty();
        assertThat(client.daemon.uploads.get("PUT /api/v1/artifacts/" + a)).isEqualTo(new byte[] {'a'});
        assertThat(client.daemon.uploads).hasSize(1);
        assertThat(client.daemon.requests.getLast())
                .contains(
                        "{\"name\":\"a.jar\",\"sha256\":\"" + a + "\",\"executable\":true}",
                        b + "\",\"executable\":false}");
    }

    @Test
    void fileThatOthersMayNotReadIsTheOwnersOnly() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "s");
        Path file = folder.resolve("c.json");
        Files.writeString(file, "{\"service-name\":\"shop\",\"command\":\"x\",\"files\":[\"secret\"]}");
        client.daemon.on("POST /api/v1/containers", 201, CONTAINER);
        for (String permissions : List.of("rw-------", "rw-r-----", "rw-r--r--")) {
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString(permissions));
            assertThat(client.run("container", "run", file.toString())).isZero();
            assertThat(client.daemon.requests.getLast().contains("\"executable\":false,\"owner-only\":true}"))
                    .as(permissions)
                    .isEqualTo(!permissions.endsWith("r--"));
        }
    }

    @Test
    void missingFileNamesLineAndKeyBeforeAnyRequest() throws IOException {
        Path file = folder.resolve("c.json");
        Files.writeString(file, "{\"service-name\":\"shop\",\n\"command\":\"x\",\n\"files\":[\n\"no.jar\"]}");
        assertThat(client.run("container", "run", file.toString())).isEqualTo(1);
        assertThat(client.err())
                .startsWith("error: \"" + file + "\" line 4: \"files\": no such file: \"no.jar\"\nhint: ");
        Files.writeString(file, "{\"command\":\"x\"}");
        assertThat(client.run("container", "run", file.toString())).isEqualTo(1);
        assertThat(client.err()).contains("the key \"service-name\" is missing");
        assertThat(client.daemon.requests).isEmpty();
    }

    @Test
    void serviceAddTellsWhatStands() throws IOException {
        Path file = folder.resolve("s.json");
        Files.writeString(file, "{\"name\":\"shop\",\"bridge-ip\":\"10.0.1.1\"}");
        client.daemon.on("POST /api/v1/services", 201, SERVICE);
        assertThat(client.run("service", "add", file.toString())).isZero();
        assertThat(client.out()).isEqualTo("shop: bridge brocker3, address 10.0.1.1/24, published at 127.0.0.1:8080\n");
    }
}
