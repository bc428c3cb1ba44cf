package brocker.runtime.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResolvConfTest {
    private static final String PLAIN = """
            nameserver 10.0.1.1
            search brocker
            options timeout:2 attempts:3
            """;

    @TempDir
    private Path directory;

    private String seen(String host, boolean egress) throws IOException {
        return new ResolvConf(Files.writeString(directory.resolve("host"), host)).text("10.0.1.1", egress);
    }

    @Test
    void withEgressTheHostsSearchListAndOptionsFollowOurs() throws IOException {
        assertThat(seen("""
                # a comment
                ; another
                domain example.com
                  search example.org\texample.net
                nameserver 192.0.2.53
                nameserver 127.0.0.1
                options edns0  timeout:5
                sortlist 192.0.2.0/255.255.255.0
                """, true)).isEqualTo("""
                nameserver 10.0.1.1
                search brocker example.org example.net
                options edns0 timeout:5
                sortlist 192.0.2.0/255.255.255.0
                options timeout:2 attempts:3
                """);
        assertThat(seen("search example.org\ndomain example.com\n", true)).contains("search brocker example.com\n");
    }

    @Test
    void whereNothingIsSearchedOnTheHostOnlyServicesAre() throws IOException {
        assertThat(seen("nameserver 127.0.0.53\nsearch .\n", true)).isEqualTo(PLAIN);
        assertThat(seen("", true)).isEqualTo(PLAIN);
        assertThat(new ResolvConf(directory.resolve("none")).text("10.0.1.1", true))
                .isEqualTo(PLAIN);
    }

    @Test
    void withoutEgressNothingIsTheHosts() throws IOException {
        assertThat(seen("search example.org\noptions edns0\n", false)).isEqualTo(PLAIN);
    }
}
