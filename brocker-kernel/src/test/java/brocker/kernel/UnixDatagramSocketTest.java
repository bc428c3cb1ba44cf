package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnixDatagramSocketTest {
    @TempDir
    private Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> drain(UnixDatagramSocket socket, int room) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(room);
        List<String> received = new ArrayList<>();
        while (socket.receive(buffer)) {
            received.add(StandardCharsets.UTF_8.decode(buffer).toString());
        }
        return received;
    }

    private static void exchange(String path) {
        try (UnixDatagramSocket receiver = UnixDatagramSocket.bind(path);
                UnixDatagramSocket sender = UnixDatagramSocket.open()) {
            sender.send(path, bytes("READY=1"));
            sender.send(path, bytes(""));
            sender.send(path, bytes("STATUS=sölid"));
            receiver.end();
            assertThat(drain(receiver, 100)).startsWith("READY=1");
        }
    }

    @Test
    void datagramsArriveWholeAndInOrderAtAPath() {
        String path = directory.resolve("socket").toString();
        try (UnixDatagramSocket receiver = UnixDatagramSocket.bind(path);
                UnixDatagramSocket sender = UnixDatagramSocket.open()) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(100);
            for (String text : List.of("READY=1", "", "STATUS=sölid")) {
                sender.send(path, bytes(text));
                assertThat(receiver.receive(buffer)).isTrue();
                assertThat(StandardCharsets.UTF_8.decode(buffer).toString()).isEqualTo(text);
            }
        }
        assertThat(Path.of(path)).exists();
    }

    @Test
    void abstractNameHasNoFile() throws Exception {
        String name = "@brocker-" + directory.getFileName();
        exchange(name);
        assertThat(Files.exists(Path.of(name))).isFalse();
        exchange(name);
    }

    @Test
    void longestPathsAreTakenAndLongerOnesAreNot() {
        exchange("@" + "x".repeat(107));
        String file = directory + "/" + "x".repeat(106 - directory.toString().length());
        exchange(file);
        for (String path : List.of("@" + "x".repeat(108), file + "x", "", "/tmp/a\0b")) {
            assertThatThrownBy(() -> exchange(path))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(
                            "a socket's path has 1 to 107 bytes and no NUL: \"" + path.replace('\0', '?'));
        }
    }

    @Test
    void whatDoesNotFitTheBufferIsLost() {
        String path = directory.resolve("socket").toString();
        try (UnixDatagramSocket receiver = UnixDatagramSocket.bind(path);
                UnixDatagramSocket sender = UnixDatagramSocket.open()) {
            sender.send(path, bytes("0123456789"));
            sender.send(path, bytes("next"));
            receiver.end();
            assertThat(drain(receiver, 4)).containsExactly("0123", "next");
        }
    }

    @Test
    void endWakesTheThreadThatWaits() throws Exception {
        try (UnixDatagramSocket receiver =
                UnixDatagramSocket.bind(directory.resolve("socket").toString())) {
            FutureTask<List<String>> receiving = new FutureTask<>(() -> drain(receiver, 10));
            Thread thread = Thread.ofPlatform().start(receiving);
            // Most likely inside recv(2) by then; an earlier end() has the same outcome.
            Thread.sleep(100);
            receiver.end();
            assertThat(receiving.get(20, TimeUnit.SECONDS)).isEmpty();
            thread.join();
        }
    }

    @Test
    void nobodyAtThePathIsAnError() {
        String path = directory.resolve("nobody").toString();
        try (UnixDatagramSocket sender = UnixDatagramSocket.open()) {
            assertThatThrownBy(() -> sender.send(path, bytes("x")))
                    .isInstanceOf(KernelException.class)
                    .hasMessage("sendto(\"" + path + "\"): ENOENT (no such file or directory)");
            UnixDatagramSocket.bind(path).close();
            assertThatThrownBy(() -> sender.send(path, bytes("x")))
                    .isInstanceOf(KernelException.class)
                    .hasMessage("sendto(\"" + path + "\"): ECONNREFUSED (connection refused)");
            assertThatThrownBy(() -> UnixDatagramSocket.bind(path))
                    .isInstanceOf(KernelException.class)
                    .hasMessage("bind(\"" + path + "\"): EADDRINUSE (address already in use)");
        }
    }
}
