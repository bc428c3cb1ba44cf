package brocker.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What stands between the user and a daemon: its address, its token, and whatever else listens there. */
@Timeout(60)
class ConnectionTest {
    @RegisterExtension
    final Client client = new Client();

    @TempDir
    Path folder;

    @Test
    void noDaemonIsSaidBeforeAMissingToken() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        client.env.remove("BROCKER_TOKEN");
        client.env.put("BROCKER_TOKEN_FILE", folder.resolve("token").toString());
        assertThat(client.run("--host", "http://127.0.0.1:" + free, "container", "list"))
                .isEqualTo(125);
        assertThat(client.err())
                .startsWith("error: no daemon answers at \"http://127.0.0.1:" + free + "\"\nhint: start it");
        client.stderr.reset();
        assertThat(client.run("container", "list")).isEqualTo(1);
        assertThat(client.err())
                .startsWith("error: cannot read the token \"" + folder + "/token\": no such file\nhint: ");
    }

    @Test
    void whatIsNoDaemonIsSaidNotToBeOne() throws IOException {
        assertThat(client.run("container", "list", "--host", answering("SSH-2.0-OpenSSH_9.2\r\n")))
                .isEqualTo(1);
        assertThat(client.err())
                .contains("gave an answer that is not understood: it does not begin as", "hint: is it brockerd?");
        client.stderr.reset();
        assertThat(client.run(
                        "container", "list", "--host", answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[")))
                .isEqualTo(125);
        assertThat(client.err()).contains("failed: the answer ended 8 bytes early");
        client.stderr.reset();
        assertThat(client.run("container", "list", "--host", answering("HTTP/1.1 200 OK\r\n\r\n<html>")))
                .isEqualTo(1);
        assertThat(client.err()).contains("the daemon's answer is not understood");
    }

    @Test
    void refusedTokenIsSaidEvenWhereTheAnswerHasNoText() throws IOException {
        Files.writeString(folder.resolve("a.jar"), "a");
        Path file = folder.resolve("c.json");
        Files.writeString(file, "{\"service-name\":\"shop\",\"command\":\"x\",\"copy-file\":true,\"file\":\"a.jar\"}");
        String toHead =
                "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/problem+json\r\nContent-Length: 99\r\n\r\n";
        assertThat(client.run("container", "run", file.toString(), "--host", answering(toHead)))
                .isEqualTo(1);
        assertThat(client.err()).contains("does not accept the token");
    }

    @Test
    void wrongTokenAndWrongHostAreErrors() {
        assertThat(client.run("container", "list", "--host=127.0.0.1:3000")).isEqualTo(2);
        client.env.put("BROCKER_TOKEN", "other");
        assertThat(client.run("container", "list")).isEqualTo(1);
        assertThat(client.run("container", "stop", "5f")).isEqualTo(1);
        assertThat(client.err()).contains("is not the address of a daemon", "does not accept the token");
    }

    @Test
    void socketIsAskedWithoutAToken() throws IOException {
        client.env.remove("BROCKER_TOKEN");
        client.env.put("BROCKER_TOKEN_FILE", folder.resolve("none").toString());
        Path socket = folder.resolve("brockerd.sock");
        try (FakeDaemon daemon = new FakeDaemon(socket)) {
            daemon.on("GET /api/v1/containers", 200, "[]");
            for (String address : List.of("unix://" + socket, "unix:" + socket)) {
                client.env.put("BROCKER_HOST", address);
                assertThat(client.run("-q", "container", "list"))
                        .as(client.err())
                        .isZero();
            }
        }
        assertThat(client.run("container", "list")).isEqualTo(125);
        assertThat(client.err()).startsWith("error: no daemon answers at \"unix://" + socket + "\"\nhint: start it");
    }

    @Test
    void pathThatNoSocketCanHaveIsWrongUsage() {
        for (String wrong : List.of("unix:", "unix:/", "unix:///", "unix://relative", "unix:relative", "unix:////x")) {
            assertThat(client.run("container", "list", "--host", wrong))
                    .as(wrong)
                    .isEqualTo(2);
        }
        assertThat(client.err()).contains("\"unix://relative\" is not the address of a daemon");
    }

    @Test
    void tokenIsSentToNoOtherMachineUnencrypted() {
        for (String address : List.of("http://192.0.2.1:3000", "http://[2001:db8::1]:3000", "http://0.0.0.0")) {
            client.stderr.reset();
            assertThat(client.run("container", "list", "--host", address)).isEqualTo(1);
            assertThat(client.err())
                    .startsWith("error: \"" + address)
                    .contains(
                            "is not a loopback address: the token is not sent there unencrypted\nhint: write https://")
                    .contains("ssh -nNT -L ");
        }
    }

    @Test
    void schemeThatTheDaemonDoesNotSpeakIsNamed() throws IOException {
        String encrypted = answering("\u0015\u0003\u0003\0\u0002\u0002P");
        assertThat(client.run("container", "list", "--host", encrypted)).isEqualTo(125);
        String plain = client.daemon.address().replace("http:", "https:");
        assertThat(client.run("container", "list", "--host", plain)).isEqualTo(125);
        assertThat(client.err()).isEqualTo("""
                error: what listens at "%s" speaks TLS
                hint: write https:// instead of http://
                error: what listens at "%s" does not speak TLS
                hint: write http:// instead of https://
                """.formatted(encrypted, plain));
    }

    /** The address of a server that says the same to whatever it is asked, once. */
    private static String answering(String answer) throws IOException {
        ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> {
            try (listener;
                    Socket socket = listener.accept()) {
                String head = "";
                while (!head.endsWith("\r\n\r\n")) {
                    head += (char) socket.getInputStream().read();
                }
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return "http://127.0.0.1:" + listener.getLocalPort();
    }
}
