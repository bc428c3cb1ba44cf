package brocker.runtime.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The TCP sockets of a network namespace, by {@code /proc/PID/net/tcp}, see {@code proc_pid_net(5)}.
 *
 * @param pid a process in it
 */
public record TcpConnections(int pid) {
    private static final Pattern SPACES = Pattern.compile(" +");
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final String ESTABLISHED = "01";
    private static final String LISTENING = "0A";

    /** Not accepted yet, or closed by its process. */
    private static final String NOBODYS = "0";

    /** The inode numbers of those that were accepted on one of these ports. Reads the whole table: some 10 ms for ten thousand. */
    public Set<String> acceptedOn(Set<Integer> ports) {
        if (ports.isEmpty()) {
            return Set.of();
        }
        Set<String> suffixes = ports.stream().map(":%04X"::formatted).collect(Collectors.toSet());
        return inodes(ESTABLISHED, address -> suffixes.contains(port(address)));
    }

    /** The inode numbers of those that take connections. */
    public Set<String> listening() {
        return inodes(LISTENING, _ -> true);
    }

    private Set<String> inodes(String state, Predicate<String> local) {
        return lines().stream()
                .skip(1)
                .map(line -> SPACES.split(line.strip(), -1))
                .filter(columns -> columns[STATE].equals(state))
                .filter(columns -> local.test(columns[LOCAL_ADDRESS]))
                .map(columns -> columns[INODE])
                .filter(inode -> !inode.equals(NOBODYS))
                .collect(Collectors.toSet());
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/net/tcp"));
        } catch (IOException _) {
            // The process is gone, and its connections with it.
            return List.of();
        }
    }

    private static String port(String address) {
        return address.substring(address.indexOf(':'));
    }
}
