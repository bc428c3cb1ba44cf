package brocker.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WatchdogTest {
    private static final ServiceManager NOBODY = new ServiceManager("");

    @Test
    void managersTimeIsHalved() {
        assertThat(Watchdog.of(Map.of("WATCHDOG_USEC", "60000000"), NOBODY))
                .map(Watchdog::pause)
                .contains(Duration.ofSeconds(30));
    }

    @Test
    void timeOfAnotherProcessIsNotOurs() {
        String own = String.valueOf(ProcessHandle.current().pid());
        assertThat(Watchdog.of(Map.of("WATCHDOG_USEC", "1000000", "WATCHDOG_PID", own), NOBODY))
                .isPresent();
        assertThat(Watchdog.of(Map.of("WATCHDOG_USEC", "1000000", "WATCHDOG_PID", "1"), NOBODY))
                .isEmpty();
        assertThat(Watchdog.of(Map.of(), NOBODY)).isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.1 200 OK,true", "HTTP/1.1 503 Service Unavailable,false", "HTTP/1.1,false", "'',false"})
    void onlyAWholeAnswerIsAProofOfLife(String text, boolean alive, @TempDir Path directory) throws Exception {
        Path file = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(file));
            Thread answering = Thread.ofVirtual().start(() -> {
                try (SocketChannel client = server.accept()) {
                    client.read(ByteBuffer.allocate(1000));
                    client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(Watchdog.answers(file)).isEqualTo(alive);
            answering.join();
        }
        assertThat(Watchdog.answers(file)).isFalse();
    }
}
