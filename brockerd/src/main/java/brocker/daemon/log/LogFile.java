package brocker.daemon.log;

import brocker.kernel.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** One open file of a log, whatever it is called by now. For one thread. */
final class LogFile implements AutoCloseable {
    /** Where a line's mark is, {@code F} or {@code P}: {@code 2026-11-23T19:25:26.123456789Z stdout F text}. */
    private static final int MARK = 38;

    /** Where the names of the streams differ. */
    private static final int STREAM = 34;

    private static final int TIME = 30;
    private static final int FIRST_LOOK = 512;

    /** Longer than any of ours, with its head. */
    private static final int LONGEST_LINE = 32 << 10;

    private final FileChannel channel;
    private String id = "";

    private LogFile(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens it; the caller closes it. None where there is no such file; a link or a pipe is an error. */
    static Optional<LogFile> open(Path path) throws IOException {
        return RegularFile.open(path).map(LogFile::new);
    }

    /**
     * What a line says of itself.
     *
     * @param continues whether another line of the same stream goes on with it
     * @param stream a character that tells its stream; one of its own where it is none of ours
     */
    record Line(boolean continues, char stream, String time) {
        static final Line FOREIGN = new Line(false, '?', "");

        /** Of the line that begins at an index; its end need not be there. */
        static Line at(byte[] bytes, int from, int end) {
            if (end - from <= MARK || bytes[from + TIME] != ' ' || bytes[from + TIME - 1] != 'Z') {
                return FOREIGN;
            }
            String time = new String(bytes, from, TIME, StandardCharsets.ISO_8859_1);
            return new Line(bytes[from + MARK] == 'P', (char) bytes[from + STREAM], time);
        }
    }

    /** What it is known by, the time of its first line; empty while there is no whole line. */
    String id() throws IOException {
        for (int size = FIRST_LOOK; id.isEmpty(); size *= 4) {
            byte[] beginning = new byte[size];
            int length = read(beginning, 0);
            for (int i = 0; i < length; i++) {
                if (beginning[i] == '\n') {
                    String time = Line.at(beginning, 0, i).time;
                    // A line of nobody's knows no time; its file is told from those of ours all the same.
                    id = time.isEmpty() ? "0" : time;
                    return id;
                }
            }
            if (length < size) {
                return "";
            }
        }
        return id;
    }

    long size() throws IOException {
        return channel.size();
    }

    /** Where its last whole line ends. */
    long wholeSize() throws IOException {
        long size = size();
        byte[] end = new byte[LONGEST_LINE];
        long begin = Math.max(0, size - end.length);
        for (int i = read(end, begin) - 1; i >= 0; i--) {
            if (end[i] == '\n') {
                return begin + i + 1;
            }
        }
        return begin == 0 ? 0 : size;
    }

    /** Reads from an offset on, as much as there is and fits. */
    int read(byte[] bytes, long offset) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int count = 0;
        while (buffer.hasRemaining() && count >= 0) {
            count = channel.read(buffer, offset + buffer.position());
        }
        return buffer.position();
    }

    /** What the line at an offset says of itself. */
    Line lineAt(long offset) throws IOException {
        byte[] head = new byte[MARK + 1];
        int length = read(head, offset);
        for (int i = 0; i < length; i++) {
            if (head[i] == '\n') {
                return Line.FOREIGN;
            }
        }
        return Line.at(head, 0, length);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
