package brocker.runtime.process;

import brocker.kernel.Errno;
import brocker.kernel.Fd;
import brocker.kernel.FdInputStream;
import brocker.spec.BrockerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** What {@code brocker-run} says over its status pipe. */
public final class StartStatus {
    private StartStatus() {}

    /**
     * Waits until the command was executed. Blocks in the kernel: for a named platform thread.
     *
     * @param status the read end of the status pipe, whose write end this process has closed; stays the caller's
     * @param shown what to call an object that a failure names
     * @throws BrockerException.CannotStart when the command cannot be executed
     * @throws BrockerException.Host when the host refused one of the steps before that
     */
    public static void await(Fd status, UnaryOperator<String> shown) {
        byte[] message = read(status);
        if (message.length > 0) {
            throw failure(message, shown);
        }
    }

    static BrockerException failure(byte[] message, UnaryOperator<String> shown) {
        String[] parts = new String(message, StandardCharsets.UTF_8).split("\0", -1);
        if (parts.length < 3 || !parts[1].matches("[1-9]\\d{0,4}")) {
            return new BrockerException.Host("start-failed", "cannot start: brocker-run died while it reported", "");
        }
        String stage = parts[0];
        Errno errno = Errno.of(Integer.parseInt(parts[1]));
        String object = shown.apply(parts[2]);
        String reason = "\"" + object + "\": " + errno.text();
        if (stage.equals("fork") && errno.equals(Errno.EAGAIN)) {
            return new BrockerException.CannotStart(
                    "too-many-processes",
                    "cannot start: no more processes and threads are allowed",
                    "raise the container's \"pids\" (brocker-client container update --pids NUMBER NAME), or what the host allows all of them together");
        }
        return switch (stage) {
            case "exec" -> new BrockerException.CannotStart("cannot-start", "cannot start: " + reason, execHint(errno));
            case "working-directory" ->
                new BrockerException.CannotStart(
                        "cannot-start",
                        "cannot start: the working directory " + reason,
                        "the container sees the host's /usr, /bin, /lib, /sbin and /opt, and its own directory as /app");
            case "mapped-mount" ->
                new BrockerException.CannotStart(
                        "cannot-map-mount",
                        "cannot mount \"" + object + "\" into a user namespace: "
                                + (errno.equals(Errno.EINVAL) ? "its file system cannot map ids" : errno.text()),
                        "write \"user-namespace\": false, or use a directory on ext4, xfs or btrfs and Linux 5.12");
            case "oom-score-adj" ->
                new BrockerException.CannotStart(
                        "cannot-lower-oom-score-adj",
                        "cannot start: brockerd may not lower \"oom-score-adj\" to \"" + object + "\" on this host: "
                                + errno.text(),
                        "write a higher number, or start brockerd with CAP_SYS_RESOURCE");
            case "mount" -> new BrockerException.CannotStart("cannot-mount", "cannot mount " + reason, "");
            default -> new BrockerException.Host("start-failed", "cannot start: " + stage + " " + reason, "");
        };
    }

    private static String execHint(Errno errno) {
        if (errno.equals(Errno.ENOENT)) {
            return "the container sees the host's /usr, /bin, /lib, /sbin and /opt, and its own directory as /app;"
                    + " files get there with \"copy-file\" and \"file\"";
        }
        if (errno.equals(Errno.EACCES)) {
            return "the file must be executable for the container's user; a jar is run by java: \"/usr/bin/java -jar"
                    + " /app/NAME.jar\"";
        }
        return errno.equals(Errno.ENOEXEC) ? "a script begins with #! and its interpreter" : "";
    }

    private static byte[] read(Fd status) {
        // The stream is not closed: it would close the caller's descriptor.
        try {
            return new FdInputStream(status).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
