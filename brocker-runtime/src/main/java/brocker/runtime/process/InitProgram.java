package brocker.runtime.process;

import brocker.kernel.Fd;
import brocker.kernel.Memfd;
import brocker.spec.BrockerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code brocker-run} as a sealed memfd: what runs as PID 1 cannot be overwritten from a container (CVE-2019-5736). */
public record InitProgram(Fd executable) implements AutoCloseable {
    /** Descriptors at start, as the protocol numbers them. */
    public static final int EXECUTABLE = 3;

    public static final int ORDERS = 4;
    public static final int STATUS = 5;
    public static final int GO = 6;
    /** In exec: the pipe that says that the command can be fetched. */
    public static final int HANDOVER = 6;

    public static final int RECORD = 7;
    public static final int TARGET = 8;
    /** In exec: the pidfd of the command, once the pipe has said so. */
    public static final int COMMAND = 8;

    /** Where init keeps the user namespace, and exec is given it. */
    public static final int USER_NAMESPACE = 9;

    public static final int FIRST_SOCKET = 10;

    /** The signal that names the process that is the command from now on. */
    public static final int SUCCESSION = 64;

    /** Where the command finds its first socket. */
    public static final int FIRST_COMMAND_SOCKET = 3;

    /**
     * Copies the program into memory.
     *
     * @throws BrockerException.Host when the file cannot be read
     */
    public static InitProgram load(Path file) {
        try {
            return new InitProgram(Memfd.sealed("brocker-run", Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new BrockerException.Host(
                    "no-init-program",
                    "cannot read the init program \"" + file + "\"",
                    "it belongs to the distribution, beside bin/ in libexec/");
        }
    }

    /** Whether a process executes the same program; false when it is gone. */
    public boolean isExecutedBy(int pid) {
        try {
            Path own = Path.of("/proc/self/fd/" + executable.number());
            return Files.mismatch(Path.of("/proc/" + pid + "/exe"), own) < 0;
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public void close() {
        executable.close();
    }
}
