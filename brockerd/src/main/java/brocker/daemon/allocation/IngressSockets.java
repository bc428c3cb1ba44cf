package brocker.daemon.allocation;

import brocker.daemon.record.ServiceRecord;
import brocker.kernel.Fd;
import brocker.kernel.KernelException;
import brocker.kernel.ListeningSocket;
import brocker.spec.BrockerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The Unix sockets on which services with hosts are reached by the ingresses, one file a service. Any user may connect who sees the
 * directory, which are the ingresses alone: it lies in one that only root may pass.
 *
 * @param directory of all the files
 */
public record IngressSockets(Path directory) {
    /** Those of a daemon with this run directory. */
    public static IngressSockets in(Path run) {
        return new IngressSockets(run.resolve("ingress").resolve("s"));
    }

    /** Where the socket of a service lies. */
    public Path of(ServiceRecord service) {
        return directory.resolve(service.bridge());
    }

    /**
     * Listens for a service, of which no proxy lives: what is left of an earlier socket is taken away.
     *
     * @throws BrockerException.Host when the path is too long for a socket, or the host refuses
     */
    Fd listen(ServiceRecord service, int backlog) {
        Path path = of(service);
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > ListeningSocket.LONGEST_PATH) {
            throw new BrockerException.Host(
                    "run-directory-too-long",
                    "cannot make a socket at \"" + path + "\": its path has more than " + ListeningSocket.LONGEST_PATH
                            + " bytes",
                    "start brockerd with a shorter --run-dir");
        }
        try {
            makeDirectory();
            Files.deleteIfExists(path);
            Fd socket = ListeningSocket.open(path, backlog);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
            return socket;
        } catch (KernelException e) {
            throw new BrockerException.Host("publish-failed", "cannot make a socket: " + e.getMessage(), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the directory where it is missing, as after a reboot. */
    public void makeDirectory() {
        try {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory.getParent(), PosixFilePermissions.fromString("rwx------"));
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes the file of a service away, on which nobody listens any more. */
    public void forget(ServiceRecord service) {
        try {
            Files.deleteIfExists(of(service));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes away the files of services that are not known. */
    public void retain(Set<String> bridges) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> orphans = files.filter(
                            file -> !bridges.contains(file.getFileName().toString()))
                    .toList();
            for (Path orphan : orphans) {
                Files.deleteIfExists(orphan);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
