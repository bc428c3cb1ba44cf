package brocker.daemon.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log from some line on, and what is appended to it, across rotations: every line once, in order. Only whole lines are handed on,
 * as brocker-run cuts off again what a full disk took of one. It keeps one file open, so a reader that is slower than the log is turned
 * finishes the file that it is in, and is told of those that it has missed. For one thread.
 */
public final class LogReader implements AutoCloseable {
    private static final int BUFFER = 64 << 10;

    private final Path directory;
    private final byte[] buffer = new byte[BUFFER];
    private @Nullable LogFile file;
    private long offset;
    private LogPosition position = LogPosition.BEGIN;
    private boolean missed;

    private LogReader(Path directory) {
        this.directory = directory;
    }

    /** What takes the lines. */
    public interface Sink {
        /** What comes next lies here; said before the first lines of each file. */
        void at(LogPosition position) throws IOException;

        /** Whole lines, to be used before the next. */
        void lines(byte[] bytes, int length) throws IOException;

        /** Lines were written here that are not kept any more. */
        void gap() throws IOException;
    }

    /**
     * Begins.
     *
     * @param directory where the files are; they need not be there yet
     */
    public static LogReader open(Path directory, LogStart start) throws IOException {
        LogReader reader = new LogReader(directory);
        try (LogFiles files = LogFiles.open(directory)) {
            if (!files.all().isEmpty()) {
                reader.begin(files, start);
            } else if (start instanceof LogStart.After(LogPosition after)) {
                reader.missed = !after.equals(LogPosition.BEGIN);
            }
        }
        return reader;
    }

    /** What has been handed on lies before this. */
    public LogPosition position() {
        return position;
    }

    /**
     * Hands on lines that are there now, at most a buffer full of them.
     *
     * @return whether there were any; otherwise nothing more has been written
     */
    public boolean read(Sink sink) throws IOException {
        if (file == null && !openFirst()) {
            return false;
        }
        LogFile current = java.util.Objects.requireNonNull(file);
        if (missed) {
            missed = false;
            sink.gap();
        }
        int whole = wholeLines(current.read(buffer, offset));
        if (whole > 0) {
            if (offset == 0) {
                position = new LogPosition(current.id(), 0);
                sink.at(position);
            }
            hand(sink, whole);
            return true;
        }
        return turned(current) && goOn(sink, current);
    }

    /** Hands on what was begun and has no end, where nothing more will be written. */
    public void finish(Sink sink) throws IOException {
        if (file != null) {
            int length = file.read(buffer, offset);
            if (length > 0) {
                hand(sink, length);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    private void hand(Sink sink, int length) throws IOException {
        offset += length;
        position = new LogPosition(position.file(), offset);
        sink.lines(buffer, length);
    }

    /** The length of the lines that have an end; of a line that fills the buffer, which is none of ours, all of it. */
    private int wholeLines(int length) {
        int end = length;
        while (end > 0 && buffer[end - 1] != '\n') {
            end--;
        }
        return end == 0 && length == buffer.length ? length : end;
    }

    private boolean openFirst() throws IOException {
        try (LogFiles files = LogFiles.open(directory)) {
            if (files.all().isEmpty()) {
                return false;
            }
            become(files, 0, 0);
            return true;
        }
    }

    private void begin(LogFiles files, LogStart start) throws IOException {
        StartSearch search = new StartSearch(files.all());
        switch (start) {
            case LogStart.Lines lines -> {
                StartSearch.Place place = new StartSearch.Place(0, 0);
                if (lines.tail().isPresent()) {
                    place = search.tail(lines.tail().get());
                }
                if (lines.since().isPresent()) {
                    StartSearch.Place since = search.since(lines.since().get());
                    place = place.compareTo(since) < 0 ? since : place;
                }
                begin(files, place);
            }
            case LogStart.After(LogPosition after) -> {
                int index = files.indexOf(after.file());
                boolean fromBeginning = after.equals(LogPosition.BEGIN);
                missed = index < 0 && !fromBeginning;
                begin(files, index < 0 ? new StartSearch.Place(0, 0) : new StartSearch.Place(index, after.offset()));
            }
        }
    }

    /** An empty file is known by nothing, so that reading begins at the end of the one before it. */
    private void begin(LogFiles files, StartSearch.Place place) throws IOException {
        boolean empty = files.all().get(place.file()).id().isEmpty();
        if (empty && place.file() > 0) {
            int before = place.file() - 1;
            become(files, before, files.all().get(before).wholeSize());
        } else {
            become(files, place.file(), place.offset());
        }
    }

    private void become(LogFiles files, int index, long from) throws IOException {
        LogFile next = files.take(index);
        if (file != null) {
            file.close();
        }
        file = next;
        offset = from;
        if (!next.id().isEmpty()) {
            position = new LogPosition(next.id(), from);
        }
    }

    /** Whether the newest file is another one. A file without a whole line has not been turned. */
    private boolean turned(LogFile current) throws IOException {
        Optional<String> newest = LogFiles.newest(directory);
        return !current.id().isEmpty() && newest.isPresent() && !newest.get().equals(current.id());
    }

    /** From a file that nothing is written to any more into the next one. */
    private boolean goOn(Sink sink, LogFile current) throws IOException {
        if (wholeLines(current.read(buffer, offset)) > 0) {
            // Written between the look at the file and the one at its name.
            return true;
        }
        try (LogFiles files = LogFiles.open(directory)) {
            int index = files.indexOf(current.id());
            if (index == files.all().size() - 1) {
                return false;
            }
            finish(sink);
            if (index < 0) {
                sink.gap();
            }
            become(files, index + 1, 0);
        }
        return true;
    }
}
