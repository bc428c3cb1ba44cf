package brocker.runtime.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** Who is whose child, by {@code /proc/PID/stat}, see {@code proc_pid_stat(5)}. */
public final class Processes {
    private static final int PARENT_AFTER_NAME = 2;

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

    /** Empty when the process is gone. */
    private static OptionalInt parent(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String afterName = stat.substring(stat.lastIndexOf(')') + 1);
            return OptionalInt.of(Integer.parseInt(afterName.split(" ", -1)[PARENT_AFTER_NAME]));
        } catch (IOException _) {
            return OptionalInt.empty();
        }
    }
}
