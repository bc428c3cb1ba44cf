package brocker.runtime.rootfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a container with egress finds in {@code resolv.conf(5)}: the host's, without the name servers that it cannot reach.
 *
 * @param etc {@code /etc/resolv.conf}
 * @param systemd what {@code systemd-resolved(8)} forwards to, where the other one names only its stub
 */
record ResolvConf(Path etc, Path systemd) {
    static final ResolvConf HOST =
            new ResolvConf(Path.of("/etc/resolv.conf"), Path.of("/run/systemd/resolve/resolv.conf"));

    private static final String IPV4 = "\\d{1,3}(\\.\\d{1,3}){3}";

    /** Empty where no name server is left. */
    String text() throws IOException {
        String own = reachable(etc);
        return own.isEmpty() ? reachable(systemd) : own;
    }

    private static String reachable(Path file) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                .map(String::strip)
                .filter(ResolvConf::isOfUse)
                .toList();
        boolean any = lines.stream().anyMatch(line -> line.startsWith("nameserver"));
        return any ? lines.stream().collect(Collectors.joining("\n", "", "\n")) : "";
    }

    /** A loopback address is another one inside, and there is no IPv6. */
    private static boolean isOfUse(String line) {
        String[] words = line.split("\\s+", -1);
        return switch (words[0]) {
            case "nameserver" -> words.length > 1 && words[1].matches(IPV4) && !words[1].startsWith("127.");
            case "search", "domain", "options", "sortlist" -> true;
            default -> false;
        };
    }
}
