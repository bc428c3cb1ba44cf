package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatagramReaderTest {
    @TempDir
    private Path directory;

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Notes what comes. */
    private record Noted(BlockingQueue<String> texts) implements DatagramReader.Listener {
        private Noted() {
            this(new LinkedBlockingQueue<>());
        }

        @Override
        public void received(byte[] datagram, int length) {
            texts.add(new String(datagram, 0, length, StandardCharsets.UTF_8));
        }

        private String next() throws InterruptedException {
            return String.valueOf(texts.poll(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void whatComesInAtEachSocketGoesToItsListener() throws Exception {
        Noted a = new Noted();
        Noted b = new Noted();
        try (DatagramReader reader = DatagramReader.open("reader", Duration.ofMillis(1), Duration.ofMillis(20));
                UnixDatagramSocket sender = UnixDatagramSocket.open();
                Fd first = DatagramReader.bind(path("first"));
                Fd second = DatagramReader.bind(path("second"))) {
            sender.send(path("first"), bytes("before it was watched"));
            reader.watch(first, a);
            reader.watch(second, b);
            for (int i = 0; i < 300; i++) {
                sender.send(path("first"), bytes("one " + i));
                sender.send(path("second"), bytes("two " + i));
            }
            assertThat(a.next()).isEqualTo("before it was watched");
            for (int i = 0; i < 300; i++) {
                assertThat(a.next()).isEqualTo("one " + i);
                assertThat(b.next()).isEqualTo("two " + i);
            }
        }
    }

    @Test
    void aLongDatagramIsCut() throws Exception {
        Noted noted = new Noted();
        try (DatagramReader reader = DatagramReader.open("reader", Duration.ofMillis(1), Duration.ofMillis(20));
                UnixDatagramSocket sender = UnixDatagramSocket.open();
                Fd socket = DatagramReader.bind(path("socket"))) {
            reader.watch(socket, noted);
            sender.send(path("socket"), new byte[60_000]);
            sender.send(path("socket"), new byte[0]);
            assertThat(noted.next()).hasSize(2048);
            assertThat(noted.next()).isEmpty();
        }
    }

    @Test
    void aListenerThatWasForgottenGetsNothingMore() throws Exception {
        Noted forgotten = new Noted();
        Noted other = new Noted();
        try (DatagramReader reader = DatagramReader.open("reader", Duration.ofMillis(1), Duration.ofMillis(20));
                UnixDatagramSocket sender = UnixDatagramSocket.open();
                Fd socket = DatagramReader.bind(path("socket"))) {
            reader.watch(socket, forgotten);
            reader.forget(forgotten);
            sender.send(path("socket"), bytes("for the next"));
            reader.watch(socket, other);
            assertThat(other.next()).isEqualTo("for the next");
            assertThat(forgotten.texts()).isEmpty();
        }
    }

    @Test
    void aClosedReaderWatchesNothing() {
        DatagramReader reader = DatagramReader.open("reader", Duration.ofMillis(1), Duration.ofMillis(20));
        reader.close();
        try (Fd socket = DatagramReader.bind(path("socket"))) {
            assertThatThrownBy(() -> reader.watch(socket, new Noted())).isInstanceOf(IllegalStateException.class);
            assertThat(socket.isOpen()).isTrue();
        }
    }

    @Test
    void aPathIsTakenOnce() {
        try (Fd socket = DatagramReader.bind(path("socket"))) {
            assertThat(socket.isOpen()).isTrue();
            assertThatThrownBy(() -> DatagramReader.bind(path("socket")).close())
                    .hasMessageContaining("EADDRINUSE");
        }
    }
}
