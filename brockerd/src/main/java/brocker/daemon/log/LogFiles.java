package brocker.daemon.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All files of a log at one moment, open, the oldest first. {@code log} becomes {@code log.1} and so on while they are looked for; from
 * the newest to the oldest none is missed by that, but one may be met twice, and then they are looked for again.
 */
final class LogFiles implements AutoCloseable {
    private static final int ATTEMPTS = 20;

    private final List<LogFile> oldestFirst;

    private LogFiles(List<LogFile> oldestFirst) {
        this.oldestFirst = oldestFirst;
    }

    /** Opens them; the caller closes them, but for what it takes out. */
    static LogFiles open(Path directory) throws IOException {
        for (int attempt = 1; ; attempt++) {
            LogFiles files = new LogFiles(openAll(directory));
            if (attempt == ATTEMPTS || files.areOfOneMoment(directory)) {
                return attempt == ATTEMPTS ? files.byTime() : files;
            }
            files.close();
        }
    }

    /** What the newest file is known by; none where there is no file at this moment, or no whole line in it. */
    static Optional<String> newest(Path directory) throws IOException {
        Optional<LogFile> found = LogFile.open(directory.resolve("log"));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (LogFile file = found.get()) {
            return Optional.of(file.id());
        }
    }

    List<LogFile> all() {
        return oldestFirst;
    }

    /** The index of the file that is known by this; negative where there is none, as of one without a line. */
    int indexOf(String id) throws IOException {
        for (int i = 0; !id.isEmpty() && i < oldestFirst.size(); i++) {
            if (oldestFirst.get(i).id().equals(id)) {
                return i;
            }
        }
        return -1;
    }

    /** Hands one on, which its new owner closes. */
    LogFile take(int index) {
        return oldestFirst.remove(index);
    }

    @Override
    public void close() throws IOException {
        for (LogFile file : oldestFirst) {
            file.close();
        }
    }

    private boolean areOfOneMoment(Path directory) throws IOException {
        Set<String> ids = new HashSet<>();
        for (LogFile file : oldestFirst) {
            if (!file.id().isEmpty() && !ids.add(file.id())) {
                return false;
            }
        }
        String newest = newest(directory).orElse("");
        // Without a line it has not been turned since it was opened.
        return oldestFirst.isEmpty()
                ? newest.isEmpty()
                : oldestFirst.getLast().id().equals(newest);
    }

    /** Where it is turned faster than it can be looked at. */
    private LogFiles byTime() throws IOException {
        List<LogFile> sorted = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (LogFile file : oldestFirst) {
            if (file.id().isEmpty() || !ids.add(file.id())) {
                file.close();
            } else {
                sorted.add(file);
            }
        }
        List<String> order = ids.stream().sorted().toList();
        LogFile[] places = new LogFile[order.size()];
        for (LogFile file : sorted) {
            places[order.indexOf(file.id())] = file;
        }
        return new LogFiles(new ArrayList<>(List.of(places)));
    }

    /**
     * From the newest to the oldest: what is renamed meanwhile is met again under its next name. While they are renamed one name is
     * missing, so two in a row are the end; a directory's listing alone may leave out what is renamed while it is made.
     */
    private static List<LogFile> openAll(Path directory) throws IOException {
        List<LogFile> files = new ArrayList<>();
        try {
            int listed = oldest(directory);
            int missing = 0;
            for (int age = 0; age <= listed || missing < 2; age++) {
                Optional<LogFile> file = LogFile.open(directory.resolve(age == 0 ? "log" : "log." + age));
                file.ifPresent(files::addFirst);
                missing = file.isPresent() ? 0 : missing + 1;
            }
        } catch (IOException e) {
            new LogFiles(files).close();
            throw e;
        }
        return files;
    }

    /** The number of the oldest file that is listed; 0 where none has one. */
    private static int oldest(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("log\\.\\d{1,4}"))
                    .mapToInt(name -> Integer.parseInt(name.substring("log.".length())))
                    .max()
                    .orElse(0);
        }
    }
}
