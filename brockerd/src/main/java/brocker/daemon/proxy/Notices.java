package brocker.daemon.proxy;

import brocker.runtime.process.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tells workers of nginx that they will leave: a file a worker, whose name is the worker's process id as it knows it itself. While it is
 * there every answer of that worker says {@code Connection: close}, see the template {@code forward}.
 *
 * @param directory theirs alone; need not be there
 */
record Notices(Path directory) {
    /** What was said to some workers. */
    record Notice(List<Path> files) {
        /** Nothing was said. */
        static final Notice NONE = new Notice(List.of());

        Notice {
            files = List.copyOf(files);
        }

        /** Takes it back, or, where they have left, away. */
        void withdraw() {
            files.forEach(Notices::delete);
        }
    }

    /** Tells workers, by the ids that they have on the host. */
    Notice give(Set<Integer> workers) {
        Notice notice = new Notice(workers.stream()
                .flatMapToInt(worker -> Processes.innermostId(worker).stream())
                .mapToObj(id -> directory.resolve(String.valueOf(id)))
                .toList());
        try {
            Files.createDirectories(directory);
            for (Path file : notice.files) {
                Files.write(file, new byte[0]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return notice;
    }

    /** Takes all of them away, and the directory. */
    void clear() {
        try (Stream<Path> all = Files.list(directory)) {
            all.forEach(Notices::delete);
        } catch (NoSuchFileException _) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        delete(directory);
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
