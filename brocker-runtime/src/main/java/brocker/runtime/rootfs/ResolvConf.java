package brocker.runtime.rootfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a container finds in {@code resolv.conf(5)}: the name server at its bridge's address, and, where what is beyond the host is
 * reached, the host's search list and options.
 *
 * @param host {@code /etc/resolv.conf}
 */
record ResolvConf(Path host) {
    static final ResolvConf HOST = new ResolvConf(Path.of("/etc/resolv.conf"));

    /** Below this name every service has one. */
    private static final String DOMAIN = "brocker";

    /** A question that was lost, as while the daemon is replaced, is asked again after two seconds rather than five. */
    private static final String PATIENCE = "options timeout:2 attempts:3";

    /**
     * The file's lines.
     *
     * @param nameServer the bridge's address, in dotted form
     */
    String text(String nameServer, boolean egress) throws IOException {
        List<String> searched = new ArrayList<>(List.of(DOMAIN));
        List<String> lines = new ArrayList<>();
        if (egress && Files.exists(host)) {
            List<String> given = List.of();
            for (String line : Files.readAllLines(host, StandardCharsets.ISO_8859_1)) {
                List<String> words = List.of(line.strip().split("\\s+", -1));
                switch (words.getFirst()) {
                    // The last of either counts.
                    case "search", "domain" -> given = words.subList(1, words.size());
                    case "options", "sortlist" -> lines.add(String.join(" ", words));
                    default -> {}
                }
            }
            given.stream().filter(name -> !name.equals(".")).forEach(searched::add);
        }
        lines.addFirst("search " + String.join(" ", searched));
        lines.addFirst("nameserver " + nameServer);
        lines.add(PATIENCE);
        return String.join("\n", lines) + "\n";
    }
}
