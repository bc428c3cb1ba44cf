package brocker.runtime.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** What {@code /proc/PID} says of processes; who is whose child, see {@code proc_pid_stat(5)}. */
public final class Processes {
    private static final int PARENT_AFTER_NAME = 2;
    private static final String SOCKET = "socket:[";
    static final String DELETED = " (deleted)";
    private static final String NAMESPACE_IDS = "NSpid:\t";

    private Processes() {}

    /** Those of the candidates whose parent is the process. */
    public static List<Integer> childrenOf(int parent, List<Integer> candidates) {
        return candidates.stream()
                .filter(pid -> parent(pid).equals(OptionalInt.of(parent)))
                .toList();
    }

    /** What a process calls itself, see {@code proc_pid_cmdline(5)}; empty when it is gone. */
    public static String title(int pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            return "";
        }
    }

    /**
     * Whether the program that a process executes has this path where the process sees it, be it the file that is there now or one that was
     * replaced or removed, see {@code proc_pid_exe(5)}; false when it is gone.
     */
    public static boolean executes(int pid, Path program) {
        try {
            String executable =
                    Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")).toString();
            String path = Files.exists(program) ? program.toRealPath().toString() : program.toString();
            return executable.equals(path) || executable.equals(path + DELETED);
        } catch (IOException _) {
            return false;
        }
    }

    /** What a process is called in the PID namespace that it is in, see {@code proc_pid_status(5)}; empty when it is gone. */
    public static OptionalInt innermostId(int pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status"), StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith(NAMESPACE_IDS))
                    .mapToInt(line -> Integer.parseInt(line.substring(line.lastIndexOf('\t') + 1)))
                    .findFirst();
        } catch (IOException _) {
            return OptionalInt.empty();
        }
    }

    /** The descriptors that are sockets, and the numbers of their inodes, see {@code proc_pid_fd(5)}; none when the process is gone. */
    public static Map<Integer, String> sockets(int pid) {
        Map<Integer, String> sockets = new TreeMap<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                String target = Files.readSymbolicLink(descriptor).toString();
                if (target.startsWith(SOCKET)) {
                    sockets.put(
                            Integer.valueOf(descriptor.getFileName().toString()),
                            target.substring(SOCKET.length(), target.length() - 1));
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            return Map.of();
        }
        return sockets;
    }

    /** Empty when the process is gone. */
    private static OptionalInt parent(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            String afterName = stat.substring(stat.lastIndexOf(')') + 1);
            return OptionalInt.of(Integer.parseInt(afterName.split(" ", -1)[PARENT_AFTER_NAME]));
        } catch (IOException _) {
            return OptionalInt.empty();
        }
    }
}
