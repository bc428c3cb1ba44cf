package brocker.runtime.cgroup;

import brocker.spec.BrockerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Reading, writing, making and removing in a cgroup file system. */
final class GroupFiles {
    private static final int REMOVE_ATTEMPTS = 400;
    private static final long REMOVE_PAUSE_MILLIS = 5;

    private GroupFiles() {}

    /**
     * Makes a group.
     *
     * @return false when the group above it does not exist
     */
    static boolean makeDirectory(Path group) {
        try {
            Files.createDirectory(group);
            return true;
        } catch (FileAlreadyExistsException _) {
            // Made before, by an earlier start of this container or by the daemon's earlier run.
            return true;
        } catch (NoSuchFileException _) {
            return false;
        } catch (IOException e) {
            throw new BrockerException.Host("cgroup-failed", "creating cgroup \"" + group + "\": " + reason(e), "");
        }
    }

    static void write(Path file, String value) {
        try {
            Files.writeString(file, value, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new BrockerException.Host(
                    "cgroup-failed", "writing \"" + value + "\" to \"" + file + "\": " + reason(e), "");
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Integer> processes(Path group) {
        try {
            return Files.readAllLines(group.resolve("cgroup.procs")).stream()
                    .map(Integer::valueOf)
                    .toList();
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code rmdir(2)} answers EBUSY until the kernel has let go of the last process, which is a moment after its exit. */
    static void removeDirectory(Path group) {
        for (int attempt = 1; ; attempt++) {
            try {
                Files.deleteIfExists(group);
                return;
            } catch (IOException e) {
                if (attempt == REMOVE_ATTEMPTS) {
                    throw new BrockerException.Host(
                            "cgroup-failed", "removing cgroup \"" + group + "\": " + reason(e), "");
                }
            }
            pause();
        }
    }

    static void removeIfEmpty(Path parent) {
        if (names(parent).isEmpty()) {
            removeDirectory(parent);
        }
    }

    static List<String> names(Path parent) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> groups = Files.newDirectoryStream(parent, Files::isDirectory)) {
            groups.forEach(group -> names.add(group.getFileName().toString()));
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    private static void pause() {
        try {
            Thread.sleep(REMOVE_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a cgroup was removed", e);
        }
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.FileSystemException f && f.getReason() != null
                ? f.getReason().toLowerCase(java.util.Locale.ROOT)
                : e.getClass().getSimpleName();
    }
}
