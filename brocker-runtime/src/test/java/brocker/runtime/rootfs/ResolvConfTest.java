package brocker.runtime.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResolvConfTest {
    @TempDir
    private Path directory;

    private String seen(String etc) throws IOException {
        return new ResolvConf(Files.writeString(directory.resolve("etc"), etc), directory.resolve("systemd")).text();
    }

    @Test
    void nameServersThatAreReachableAreKeptWithTheOptions() throws IOException {
        assertThat(seen("""
                # a comment
                ; another
                domain example.org
                search example.org example.net
                nameserver 192.0.2.53
                  nameserver\t192.0.2.54
                nameserver 127.0.0.1
                nameserver fd00::53
                nameserver
                options edns0
                """)).isEqualTo("""
                domain example.org
                search example.org example.net
                nameserver 192.0.2.53
                nameserver\t192.0.2.54
                options edns0
                """);
    }

    @Test
    void behindAStubTheOnesItForwardsToAreTaken() throws IOException {
        Files.writeString(directory.resolve("systemd"), "nameserver 192.0.2.53\nsearch .\n");
        assertThat(seen("nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n"))
                .isEqualTo("nameserver 192.0.2.53\nsearch .\n");
        assertThat(seen("nameserver 192.0.2.1\n")).isEqualTo("nameserver 192.0.2.1\n");
    }

    @Test
    void withoutAReachableNameServerNothingIsSaid() throws IOException {
        assertThat(seen("search example.org\nnameserver 127.0.0.53\n")).isEmpty();
        Files.delete(directory.resolve("etc"));
        assertThat(new ResolvConf(directory.resolve("etc"), directory.resolve("systemd")).text())
                .isEmpty();
    }
}
