package brocker.daemon.orchestrator;

import brocker.spec.ContainerName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Where things lie on the host.
 *
 * @param containers {@code /container}: one directory a container, which it sees as {@code /app}
 * @param state what outlives a reboot
 * @param run what does not
 */
public record Directories(Path containers, Path state, Path run) {
    /** The directory that a container sees as {@code /app}. */
    public Path app(ContainerName name) {
        return containers.resolve(name.value());
    }

    /** Where {@code brocker-run} writes a container's log and exit record, out of the container's reach. */
    public Path record(ContainerName name) {
        return state.resolve("containers").resolve(name.value());
    }

    public Path artifacts() {
        return state.resolve("artifacts");
    }

    /** Removes a directory with all that is in it, without following symbolic links. One that does not exist is no error. */
    static void delete(Path directory) {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(
                        Path visited, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException _) {
            // Gone already, which is what was wanted.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
