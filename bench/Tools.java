import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The references, and the means to measure a whole process. */
final class Tools {
    private final Path work;
    private final Path dist;

    Tools(Path work) {
        this.work = work;
        this.dist = work.resolve("dist");
    }

    /** A bare JVM of the distribution's own runtime. */
    double hello() throws IOException, InterruptedException {
        return elapsed(List.of(dist + "/runtime/bin/java", "-cp", work + "/classes", "Hello"));
    }

    /** New namespaces as util-linux makes them, and a static program in them. */
    double unshare() throws IOException, InterruptedException {
        return elapsed(List.of(
                "unshare", "--pid", "--mount", "--net", "--uts", "--ipc", "--fork", work + "/tools/true"));
    }

    double client(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(dist + "/bin/brocker-client"));
        command.addAll(List.of(arguments));
        return elapsed(command);
    }

    /** The proportional set size of a process, in MB of 2^20 bytes. */
    static double pss(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
            if (line.startsWith("Pss:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException("no \"Pss\" in /proc/" + pid + "/smaps_rollup");
    }

    /** User and system time of a process in milliseconds, in steps of the kernel's clock tick of 10: {@code proc_pid_stat(5)}. */
    static double processorMillis(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return 10.0 * (Long.parseLong(afterName[11]) + Long.parseLong(afterName[12]));
    }

    /** Milliseconds from spawn to end, taken by a small C program: Java's own way to start a process costs a millisecond more. */
    private double elapsed(List<String> command) throws IOException, InterruptedException {
        List<String> measured = new ArrayList<>(List.of(work + "/tools/elapsed"));
        measured.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(measured);
        // The way that users take; an older daemon has no socket.
        Path socket = work.resolve("run/brockerd.sock");
        builder.environment()
                .put("BROCKER_HOST", Files.exists(socket) ? "unix://" + socket : "http://127.0.0.1:3000");
        builder.environment().put("BROCKER_TOKEN_FILE", work + "/run/token");
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String nanos = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        if (process.waitFor() != 0) {
            throw new IOException("measuring " + command + " failed");
        }
        return Long.parseLong(nanos) / 1e6;
    }
}
