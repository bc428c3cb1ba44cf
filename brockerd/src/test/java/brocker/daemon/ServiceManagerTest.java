package brocker.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.kernel.UnixDatagramSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServiceManagerTest {
    @TempDir
    private Path directory;

    private static List<String> told(String socket, Consumer<ServiceManager> telling) {
        try (UnixDatagramSocket receiver = UnixDatagramSocket.bind(socket)) {
            telling.accept(ServiceManager.of(Map.of("NOTIFY_SOCKET", socket)));
            receiver.end();
            List<String> told = new ArrayList<>();
            ByteBuffer buffer = ByteBuffer.allocateDirect(1000);
            while (receiver.receive(buffer)) {
                told.add(StandardCharsets.UTF_8.decode(buffer).toString());
            }
            return told;
        }
    }

    @Test
    void hearsEachMessageInOneDatagram() {
        assertThat(told(directory.resolve("notify").toString(), manager -> {
                    manager.status("finding");
                    manager.ready("serves\non a port");
                    manager.stopping("leaves");
                }))
                .containsExactly("STATUS=finding", "READY=1\nSTATUS=serves on a port", "STOPPING=1\nSTATUS=leaves");
    }

    @Test
    void nameWithoutAFileIsUnderstood() {
        String name = "@brocker-notify-" + directory.getFileName();
        assertThat(told(name, manager -> manager.ready("x"))).containsExactly("READY=1\nSTATUS=x");
    }

    @Test
    void nobodyThereKeepsNobodyUp() {
        ServiceManager.of(Map.of()).ready("x");
        ServiceManager.of(Map.of("NOTIFY_SOCKET", directory.resolve("nobody").toString()))
                .ready("x");
        ServiceManager.of(Map.of("NOTIFY_SOCKET", "x".repeat(200))).ready("x");
    }
}
