package brocker.daemon.connection;

import brocker.kernel.Fd;
import brocker.kernel.KernelException;
import brocker.kernel.ListeningSocket;
import brocker.spec.BrockerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;

/**
 * The file of the Unix socket, {@code RUN_DIR/brockerd.sock}. Root and the group {@code brocker} may connect to it, which is all the
 * authentication there is.
 */
final class SocketFile {
    private static final String SHARED = "rw-rw----";
    private static final String ALONE = "rw-------";

    private final Path path;

    SocketFile(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    Path directory() {
        return Objects.requireNonNull(path.getParent(), "a socket lies in a directory");
    }

    /** A path beside it that nothing else uses. */
    Path scratch() {
        return path.resolveSibling("brockerd.nio");
    }

    /**
     * Listens there; whatever socket the path led to before is replaced at once, without a moment at which there is none.
     *
     * @throws BrockerException.Host when the path is too long for a socket, or the host refuses
     */
    Fd listen(int backlog) {
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > ListeningSocket.LONGEST_PATH) {
            throw new BrockerException.Host(
                    "run-directory-too-long",
                    "cannot make a socket at \"" + path + "\": its path has more than " + ListeningSocket.LONGEST_PATH
                            + " bytes",
                    "start brockerd with a shorter --run-dir");
        }
        Path fresh = path.resolveSibling("brockerd.new");
        try {
            Files.deleteIfExists(fresh);
            Fd socket = ListeningSocket.open(fresh, backlog);
            try {
                LocalGroup.share(fresh, SHARED, ALONE);
                Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
                return socket;
            } catch (IOException | RuntimeException e) {
                socket.close();
                throw e;
            }
        } catch (KernelException e) {
            throw new BrockerException.Host("cannot-listen", "cannot make the Unix socket: " + e.getMessage(), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives the file of an inherited socket its owner and mode. */
    void share() {
        try {
            LocalGroup.share(path, SHARED, ALONE);
        } catch (NoSuchFileException _) {
            // Deleted below its socket: another one is made, as for any that goes missing.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Which file the path leads to, by device and inode; empty where there is none. */
    Map<String, Object> identity() {
        try {
            return Files.readAttributes(path, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException _) {
            return Map.of();
        }
    }

    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
