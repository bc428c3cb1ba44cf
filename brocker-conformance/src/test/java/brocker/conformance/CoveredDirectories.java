package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Directories of the host with an overlay on each for one test class, whose files can be replaced; the host keeps its own. */
final class CoveredDirectories implements BeforeAllCallback, AfterAllCallback {
    private final List<Path> directories;
    private final Deque<Path> mounts = new ArrayDeque<>();

    CoveredDirectories(Path... directories) {
        this.directories = List.of(directories);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        assertThat(Host.lines(Path.of("/proc/self/mountinfo")))
                .as("a private mount namespace is needed; use: make test")
                .noneMatch(line -> line.contains(" / / ") && line.contains(" shared:"));
        directories.forEach(this::cover);
    }

    private void cover(Path directory) {
        try {
            Path room = Files.createTempDirectory("covered-");
            Outcome.of("mount", "-t", "tmpfs", "tmpfs", room.toString());
            mounts.push(room);
            Path upper = Files.createDirectory(room.resolve("upper"));
            Path work = Files.createDirectory(room.resolve("work"));
            String layers = "lowerdir=" + directory + ",upperdir=" + upper + ",workdir=" + work;
            Outcome.of("mount", "-t", "overlay", "overlay", "-o", layers, directory.toString());
            mounts.push(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        while (!mounts.isEmpty()) {
            Path mount = mounts.pop();
            // Lazily: programs of the host run from there by now, this one's among them.
            Outcome.of("umount", "-l", mount.toString());
            if (!directories.contains(mount)) {
                mount.toFile().delete();
            }
        }
    }
}
