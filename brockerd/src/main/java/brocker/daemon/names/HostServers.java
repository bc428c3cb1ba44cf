package brocker.daemon.names;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/** The host's name servers, those on loopback as well, see {@code resolv.conf(5)}. Read anew when the file has changed. Thread-safe. */
final class HostServers {
    /** As many as the C library asks. */
    private static final int MOST = 3;

    private static final int PORT = 53;

    private final Path file;
    private volatile Read last = new Read("", List.of());

    private record Read(String state, List<InetSocketAddress> servers) {}

    /** @param file {@code /etc/resolv.conf} */
    HostServers(Path file) {
        this.file = file;
    }

    /** In the order in which they are asked; none where the file names none, or is missing. */
    List<InetSocketAddress> all() {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            String state = now.fileKey() + " " + now.lastModifiedTime() + " " + now.size();
            if (!last.state.equals(state)) {
                last = new Read(state, read());
            }
            return last.servers;
        } catch (IOException _) {
            // Missing or unreadable, as while somebody replaces it: names are not found meanwhile.
            return List.of();
        }
    }

    private List<InetSocketAddress> read() throws IOException {
        return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(words -> words[0].equals("nameserver") && words.length > 1)
                .flatMap(words -> address(words[1]).stream())
                .limit(MOST)
                .toList();
    }

    private static Optional<InetSocketAddress> address(String text) {
        try {
            return Optional.of(new InetSocketAddress(InetAddress.ofLiteral(text), PORT));
        } catch (IllegalArgumentException _) {
            // The C library passes over what is no address, too.
            return Optional.empty();
        }
    }
}
