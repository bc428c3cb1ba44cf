package brocker.runtime.cgroup;

import brocker.spec.BrockerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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

    /**
     * Writes a value.
     *
     * @throws BrockerException.Host naming value and file, and the kernel's reason
     */
    static void write(Path file, String value) {
        try {
            // Nothing at all would be no write(2): the end of the line is what empties a file.
            Files.writeString(
                    file,
                    value.isEmpty() ? "\n" : value,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw new BrockerException.Host(
                    "cgroup-failed", "writing \"" + value + "\" to \"" + file + "\": " + reason(e), "");
        }
    }

    /**
     * Reads a file.
     *
     * @throws BrockerException.Host naming it, and the kernel's reason
     */
    static String read(Path file) {
        try {
            // Not readString: it begins with one byte, and a number of proc_sys(5) ends after the first read(2).
            return String.join("\n", Files.readAllLines(file)).strip();
        } catch (IOException e) {
            throw new BrockerException.Host("cgroup-failed", "reading \"" + file + "\": " + reason(e), "");
        }
    }

    /** A file that is one number. */
    static long number(Path file) {
        return Long.parseLong(read(file));
    }

    /** The number behind a key, in a file of lines {@code KEY NUMBER}; 0 where there is no such line. */
    static long number(Path file, String key) {
        for (String line : read(file).split("\n", -1)) {
            if (line.startsWith(key) && line.length() > key.length() && line.charAt(key.length()) == ' ') {
                return Long.parseLong(line.substring(key.length()).strip().split(" ", -1)[0]);
            }
        }
        return 0;
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

    /**
     * Moves the processes of a group into another one, of another hierarchy. Those that end meanwhile are passed over.
     *
     * @return how many were not in it before
     */
    static int move(Path from, Path to) {
        List<Integer> left = new ArrayList<>(processes(from));
        left.removeAll(processes(to));
        for (int pid : left) {
            try {
                Files.writeString(to.resolve("cgroup.procs"), String.valueOf(pid), StandardOpenOption.WRITE);
            } catch (IOException e) {
                if (processes(from).contains(pid)) {
                    throw new BrockerException.Host(
                            "cgroup-failed", "moving process " + pid + " into \"" + to + "\": " + reason(e), "");
                }
            }
        }
        return left.size();
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

    /** Removes a group with those below it, without waiting. Gives whether it is gone. */
    static boolean removeAtOnce(Path group) {
        try {
            requireRemoved(group);
            return true;
        } catch (BrockerException.Host _) {
            return false;
        }
    }

    /**
     * Removes a group with those below it, without waiting.
     *
     * @throws BrockerException.Host naming the first that cannot be removed, and why
     */
    static void requireRemoved(Path group) {
        names(group).forEach(name -> requireRemoved(group.resolve(name)));
        try {
            Files.deleteIfExists(group);
        } catch (IOException e) {
            throw new BrockerException.Host("cgroup-failed", "removing cgroup \"" + group + "\": " + reason(e), "");
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
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason.toLowerCase(Locale.ROOT);
    }
}
