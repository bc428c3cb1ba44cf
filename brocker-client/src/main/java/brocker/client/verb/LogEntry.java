package brocker.client.verb;

import java.nio.charset.StandardCharsets;

/**
 * What a line of a log says of itself.
 *
 * @param isStderr otherwise it came from stdout
 * @param continues whether the next line of the same stream goes on with it
 * @param timeLength of the bytes that are its time and the space behind
 * @param text where its text begins
 */
record LogEntry(boolean isStderr, boolean continues, int timeLength, int text) {
    /** Of {@code TIME STREAM F|P TEXT}; what is no line of a log is all text, rather than hidden. */
    static LogEntry of(byte[] line) {
        int stream = after(line, 0);
        int mark = after(line, stream);
        int text = after(line, mark);
        if (text < 0) {
            return new LogEntry(false, false, 0, 0);
        }
        String name = new String(line, stream, mark - 1 - stream, StandardCharsets.US_ASCII);
        return new LogEntry(name.equals("stderr"), line[mark] == 'P', stream, text);
    }

    /** The index after the next space from an index on, negative where there is none. */
    private static int after(byte[] line, int from) {
        for (int i = from; i >= 0 && i < line.length; i++) {
            if (line[i] == ' ') {
                return i + 1;
            }
        }
        return -1;
    }
}
