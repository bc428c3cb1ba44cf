package brocker.runtime.network;

import brocker.kernel.DatagramReader;
import brocker.kernel.Fd;
import brocker.kernel.InNamespaces;
import brocker.kernel.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Sockets of unix(7) that take datagrams from containers. */
public final class DatagramSockets {
    /** How many datagrams wait where the kernel's default is 10, or 512 where systemd runs. */
    private static final String QUEUE = "2048";

    private DatagramSockets() {}

    /**
     * A socket to which everybody may send who sees its file; the caller owns the descriptor. It is made in a network namespace of its own,
     * as the length of its queue is a setting of that, and not to be changed for the whole host.
     *
     * @param file replaces one that is there; its path may be longer than the 107 bytes of an address
     */
    public static Fd bind(Path file) throws IOException {
        Files.deleteIfExists(file);
        String directory = String.valueOf(file.getParent());
        try (Fd parent = Linux.open(directory, Linux.O_PATH | Linux.O_DIRECTORY | Linux.O_CLOEXEC, 0)) {
            String path = "/proc/self/fd/" + parent.number() + "/" + file.getFileName();
            Fd socket = InNamespaces.call("request-log-socket", () -> {
                Linux.unshare(Linux.CLONE_NEWNET);
                Sysctl.set("unix/max_dgram_qlen", QUEUE);
                return DatagramReader.bind(path);
            });
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
            return socket;
        }
    }
}
