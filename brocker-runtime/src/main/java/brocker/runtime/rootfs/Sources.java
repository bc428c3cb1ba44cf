package brocker.runtime.rootfs;

import static brocker.kernel.Linux.MS_BIND;
import static brocker.kernel.Linux.MS_NODEV;
import static brocker.kernel.Linux.MS_NOEXEC;
import static brocker.kernel.Linux.MS_NOSUID;
import static brocker.kernel.Linux.MS_REC;

import brocker.kernel.Errno;
import brocker.kernel.Fd;
import brocker.kernel.KernelException;
import brocker.kernel.Linux;
import brocker.spec.BrockerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The mount sources of a container. Each source is looked up once and bound, by its descriptor, to a place that only this mount
 * namespace has and that goes with the old root; so what PID 1 mounts is what was looked at here, whoever exchanges names meanwhile.
 *
 * @param place an empty directory, which is made where it is not there
 * @param writable directories in which containers can make what they like: below them no symbolic link is followed
 */
record Sources(Path place, List<Path> writable) {
    private static final String OPTIONS = "mode=700,size=1m";

    /** The source of a container's own tree. */
    static final String TREE = "tree";

    /** Begins, in this thread's mount namespace. */
    void open() throws IOException {
        Files.createDirectories(place);
        Linux.mount("tmpfs", place.toString(), "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, OPTIONS);
    }

    /**
     * Looks a source up and binds it.
     *
     * @param name under which it is found from now on
     * @return whether it is a directory; nothing where there is no such file
     * @throws BrockerException.CannotStart when a container could have made a link of it
     */
    Optional<Boolean> bind(String source, String name) throws IOException {
        Path bound = place.resolve(name);
        try (Fd found = find(Path.of(source).normalize())) {
            boolean isDirectory = Linux.status(found).isDirectory();
            if (isDirectory) {
                Files.createDirectory(bound);
            } else {
                Files.createFile(bound);
            }
            Linux.mount("/proc/thread-self/fd/" + found.number(), bound.toString(), "", MS_BIND | MS_REC, "");
            return Optional.of(isDirectory);
        } catch (KernelException e) {
            if (e.errno().equals(Errno.ENOENT) || e.errno().equals(Errno.ENOTDIR)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Where it is found. */
    Path path(String name) {
        return place.resolve(name);
    }

    private Fd find(Path source) throws IOException {
        TrustedPath trusted = TrustedPath.of(source, writable);
        if (trusted.rest().isEmpty()) {
            return Linux.open(trusted.reached().toString(), Linux.O_PATH, 0);
        }
        try (Fd above = Linux.open(trusted.reached().toString(), Linux.O_PATH | Linux.O_DIRECTORY, 0)) {
            long how = Linux.RESOLVE_BENEATH | Linux.RESOLVE_NO_SYMLINKS;
            return Linux.openat2(above, trusted.rest(), Linux.O_PATH, how);
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.ELOOP)) {
                throw e;
            }
            throw new BrockerException.CannotStart(
                    "invalid-mount",
                    "cannot mount \"" + source + "\": it has a symbolic link below \"" + trusted.reached()
                            + "\", where containers can make any",
                    "name the place that the link points to");
        }
    }
}
