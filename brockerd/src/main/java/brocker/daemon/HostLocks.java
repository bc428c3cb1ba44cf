package brocker.daemon;

import brocker.kernel.Fd;
import brocker.kernel.KernelException;
import brocker.kernel.Linux;
import brocker.kernel.RecordLock;
import brocker.spec.BrockerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Makes sure that everything of the host that a daemon changes has one owner. The kernel releases the locks when the process ends, however
 * it ends.
 *
 * <p>Each thing is one byte of a file of the kernel's that only root may open, so nobody can delete a lock with the directory it lies
 * in, and no local user can take one first. The byte's position is a digest of what identifies the thing. Nothing is ever read from or
 * written to that file. Daemons that see another {@code proc(5)}, as in a PID namespace of their own, do not meet there; the directories
 * of state have a lock file as well, which is theirs wherever they are seen.
 */
final class HostLocks implements AutoCloseable {
    /** Of mode 0600, and the same in every namespace that shares the mount of {@code /proc}. */
    private static final String REGISTER = "/proc/sys/kernel/cad_pid";

    private static final String FILE = "lock";

    private final List<Fd> open = new CopyOnWriteArrayList<>();
    private final Fd register;

    private HostLocks(Fd register) {
        this.register = register;
        open.add(register);
    }

    /**
     * None is taken yet.
     *
     * @throws BrockerException.Host where {@code /proc/sys} cannot be written to, as in a container
     */
    static HostLocks open() {
        try {
            return new HostLocks(Linux.open(REGISTER, Linux.O_WRONLY, 0));
        } catch (KernelException e) {
            throw new BrockerException.Host(
                    "cannot-lock",
                    "cannot make sure that no other brockerd works on this host: " + e.getMessage(),
                    "brockerd needs a /proc/sys that it may write to");
        }
    }

    /** Takes the network namespace: its packet filter, bridges and veth pairs. */
    void takeNetwork() {
        try {
            Path namespace = Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"));
            take(register, position("network " + namespace), "the network namespace");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Takes a control group.
     *
     * @param above the directory that the group lies in, or will lie in
     */
    void takeGroup(Path above, String name) {
        take(register, position("group " + identity(above) + " " + name), "the control group \"" + name + "\"");
    }

    /**
     * Takes a directory.
     *
     * @param what such as {@code state directory}
     */
    void takeDirectory(String what, Path directory) {
        take(register, position("directory " + identity(directory)), "the " + what + " \"" + directory + "\"");
    }

    /** Takes a directory, with a lock file in it of mode 0600; again where it was deleted. */
    void takeDirectoryWithFile(String what, Path directory) {
        takeDirectory(what, directory);
        Path path = directory.resolve(FILE);
        Fd file = Linux.open(path.toString(), Linux.O_RDWR | Linux.O_CREAT | Linux.O_NOFOLLOW, 0600);
        open.add(file);
        try {
            // An earlier Brocker made it readable for everybody.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        take(file, 0, "the " + what + " \"" + directory + "\"");
    }

    private static void take(Fd file, long position, String what) {
        switch (RecordLock.take(file, position)) {
            case RecordLock.Attempt.Taken() -> {}
            case RecordLock.Attempt.Held(int pid) ->
                throw new BrockerException.Conflict(
                        "daemon-running",
                        "another brockerd holds " + what + (pid > 0 ? " (process " + pid + ")" : ""),
                        "stop it first; two run side by side only in network namespaces of their own, each with its own"
                                + " --cgroup-parent, --state-dir, --run-dir and --container-dir");
        }
    }

    /** Device and inode, which are the same by whatever path and in whatever mount namespace a directory is seen. */
    private static String identity(Path directory) {
        try {
            return Files.getAttribute(directory, "unix:dev") + ":" + Files.getAttribute(directory, "unix:ino");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Positions of files are signed and of 63 bits. */
    private static long position(String identity) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong() >>> 2;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void close() {
        open.forEach(Fd::close);
    }
}
