package brocker.daemon.proxy;

import brocker.kernel.Fd;
import brocker.runtime.network.DatagramSockets;
import brocker.runtime.process.UserIds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The configuration of one nginx in its directory.
 *
 * @param path on the host
 * @param inside where nginx sees it
 */
record NginxDirectory(Path path, String inside) {
    static final String FILE = "nginx.conf";
    static final String CANDIDATE = "nginx.conf.candidate";

    /** Named by {@code nginx.conf.template} as well. */
    private static final String LOG = "requests.sock";

    private static final String TRIAL = "trial";

    /** What nginx is known to run; not there while it may run something else. */
    private static final String RUNNING = "nginx.conf.running";

    /** Another beside it, for a configuration that is only to be checked. */
    NginxDirectory trial() {
        return new NginxDirectory(path.resolve(TRIAL), inside + "/" + TRIAL);
    }

    /**
     * Writes a configuration with what lies beside it.
     *
     * @param users of the container that reads it
     */
    void write(String file, Configuration configuration, Optional<UserIds> users) {
        try {
            Files.createDirectories(path);
            Directives directives = configuration.directives();
            if (!directives.none()) {
                Files.writeString(path.resolve(directives.file()), directives.text());
            }
            if (!configuration.routes().isEmpty()) {
                new KeyFiles(path).write(configuration.routes(), users);
            }
            Files.writeString(path.resolve(file), configuration.text(inside));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the socket on which nginx reports requests; see {@link DatagramSockets#bind}. */
    Fd openLog() {
        try {
            Files.createDirectories(path);
            return DatagramSockets.bind(path.resolve(LOG));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the candidate the configuration that the next reload reads. */
    void useCandidate() {
        try {
            Files.move(path.resolve(CANDIDATE), path.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether nginx is known to do this already. */
    boolean runs(Configuration configuration) {
        try {
            return Files.readString(path.resolve(RUNNING)).equals(configuration.text(inside));
        } catch (NoSuchFileException _) {
            // Not known.
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From here on it may run the configuration of before, or the next one. */
    void doubt() {
        try {
            Files.deleteIfExists(path.resolve(RUNNING));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It runs the configuration that is in use; directives, certificates and keys of earlier ones go. */
    void settle() {
        try {
            Files.createLink(path.resolve(RUNNING), path.resolve(FILE));
            String used = Files.readString(path.resolve(FILE));
            new KeyFiles(path).retain(used);
            for (Path file : files()) {
                String name = file.getFileName().toString();
                if (name.startsWith(Directives.PREFIX) && !used.contains(name)) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes it with everything in it, where it is there. */
    void delete() {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.toList();
        }
    }
}
