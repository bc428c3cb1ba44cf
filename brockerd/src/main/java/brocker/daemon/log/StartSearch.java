package brocker.daemon.log;

import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds where the wanted lines begin, without reading more of a long log than is asked for.
 *
 * @param files the oldest first
 */
record StartSearch(List<LogFile> files) {
    private static final int BLOCK = 64 << 10;

    /** More than what a line says of itself. */
    private static final int HEAD = 64;

    /**
     * A place in one of the files.
     *
     * @param file its index
     */
    record Place(int file, long offset) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return file != other.file ? Integer.compare(file, other.file) : Long.compare(offset, other.offset);
        }
    }

    Place end() throws IOException {
        return new Place(files.size() - 1, files.getLast().wholeSize());
    }

    /** Where so many last lines begin. Parts of one line that another stream comes between count as lines of their own at the cut. */
    Place tail(int wanted) throws IOException {
        Place start = end();
        int found = 0;
        boolean last = true;
        char cut = 0;
        for (int i = files.size() - 1; i >= 0 && wanted > 0; i--) {
            Backwards lines = new Backwards(files.get(i));
            for (long at = lines.previous(); at >= 0; at = lines.previous()) {
                LogFile.Line line = lines.line();
                boolean ends = !line.continues() || last;
                last = false;
                if (found == wanted && (ends || line.stream() != cut)) {
                    return start;
                }
                if (ends && ++found == wanted) {
                    cut = line.stream();
                }
                start = new Place(i, at);
            }
        }
        return start;
    }

    /** Where the first line of a time, or of a later one, begins. */
    Place since(Instant time) throws IOException {
        String wanted = text(time);
        int first = files.size() - 1;
        while (first > 0 && files.get(first).id().isEmpty()) {
            first--;
        }
        while (first > 0 && files.get(first).id().compareTo(wanted) >= 0) {
            first--;
        }
        Set<Character> begun = new HashSet<>();
        for (int i = first; i < files.size(); i++) {
            Forwards lines = new Forwards(files.get(i));
            for (long at = lines.next(); at >= 0; at = lines.next()) {
                LogFile.Line line = lines.line();
                if (line.time().compareTo(wanted) >= 0 && !begun.contains(line.stream())) {
                    return new Place(i, at);
                }
                if (line.continues()) {
                    begun.add(line.stream());
                } else {
                    begun.remove(line.stream());
                }
            }
        }
        return end();
    }

    /** As the log has it, with nine digits after the point, so that texts compare as times do. */
    static String text(Instant time) {
        String second = Instant.ofEpochSecond(time.getEpochSecond()).toString();
        String nanos = String.valueOf(1_000_000_000 + time.getNano()).substring(1);
        return second.substring(0, second.length() - 1) + "." + nanos + "Z";
    }

    /** The beginnings of a file's lines, from the last to the first; a line without an end is one. */
    private static final class Backwards {
        private final LogFile file;
        private final byte[] block = new byte[BLOCK];
        private long begin;
        private long next;

        Backwards(LogFile file) throws IOException {
            this.file = file;
            this.begin = file.size();
            this.next = begin;
        }

        /** What the line says of itself that was found last. */
        LogFile.Line line() throws IOException {
            int from = (int) (next - begin);
            return from >= 0 && from < BLOCK - HEAD ? LogFile.Line.at(block, from, BLOCK) : file.lineAt(next);
        }

        /** Negative when there is none before. */
        long previous() throws IOException {
            if (next <= 0) {
                return -1;
            }
            // The byte before is the end of the line that is looked for, or no end at all.
            for (long i = next - 2; i >= 0; i--) {
                if (i < begin) {
                    begin = Math.max(0, i + 1 - BLOCK);
                    file.read(block, begin);
                }
                if (block[(int) (i - begin)] == '\n') {
                    next = i + 1;
                    return next;
                }
            }
            next = 0;
            return 0;
        }
    }

    /** The beginnings of a file's lines, from the first to the last. */
    private static final class Forwards {
        private final LogFile file;
        private final byte[] block = new byte[BLOCK];
        private long begin;
        private int length;
        private long next;
        private LogFile.Line line = LogFile.Line.FOREIGN;

        Forwards(LogFile file) throws IOException {
            this.file = file;
            this.length = file.read(block, 0);
            this.next = length == 0 ? -1 : 0;
        }

        /** What the line says of itself that was found last. */
        LogFile.Line line() {
            return line;
        }

        /** Negative when there is none behind. */
        long next() throws IOException {
            long found = next;
            if (found >= 0) {
                int from = (int) (found - begin);
                line = from < length - HEAD ? LogFile.Line.at(block, from, length) : file.lineAt(found);
                next = after(found);
            }
            return found;
        }

        private long after(long from) throws IOException {
            long i = from;
            while (true) {
                if (i >= begin + length) {
                    begin = i;
                    length = file.read(block, begin);
                    if (length == 0) {
                        return -1;
                    }
                }
                if (block[(int) (i - begin)] == '\n') {
                    return i + 1 < file.size() ? i + 1 : -1;
                }
                i++;
            }
        }
    }
}
