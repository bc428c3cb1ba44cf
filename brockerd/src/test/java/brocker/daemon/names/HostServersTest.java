package brocker.daemon.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostServersTest {
    @TempDir
    private Path directory;

    private List<String> seen(HostServers servers) {
        return servers.all().stream()
                .peek(server -> assertThat(server.getPort()).isEqualTo(53))
                .map(InetSocketAddress::getAddress)
                .map(address -> address.getHostAddress().replace("0:0:0:0:0:0:0", ""))
                .toList();
    }

    @Test
    void upToThreeAreAskedThoseOnLoopbackAsWell() throws IOException {
        Path file = Files.writeString(directory.resolve("resolv.conf"), """
                # nameserver 192.0.2.1
                search example.com
                nameserver 127.0.0.53
                  nameserver\t::1
                nameserver dns.example.com
                nameserver
                nameserver 192.0.2.53  # the third
                nameserver 192.0.2.54
                """);
        assertThat(seen(new HostServers(file))).containsExactly("127.0.0.53", ":1", "192.0.2.53");
    }

    @Test
    void aFileThatChangedIsReadAnew() throws IOException {
        Path file = directory.resolve("resolv.conf");
        HostServers servers = new HostServers(file);
        assertThat(seen(servers)).as("missing").isEmpty();
        Files.writeString(file, "nameserver 192.0.2.1\n");
        assertThat(seen(servers)).containsExactly("192.0.2.1");
        Files.writeString(file, "nameserver 192.0.2.201\n");
        assertThat(seen(servers)).containsExactly("192.0.2.201");
        Files.move(
                Files.writeString(directory.resolve("next"), "nameserver 192.0.2.202\n"),
                file,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(seen(servers)).containsExactly("192.0.2.202");
        Files.delete(file);
        assertThat(seen(servers)).isEmpty();
    }
}
