package brocker.client.verb;

import brocker.client.daemon.Daemon;
import brocker.spec.BrockerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The log of one container as the daemon sends it, line by line, over as many connections as it takes: each goes on after the last line
 * of the one before, so that there is neither a gap nor a repetition. For one thread.
 */
final class LogStream {
    private static final int CHUNK = 64 << 10;

    private final Session session;
    private final Absence absence;
    private final String container;
    private final LogOptions options;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private String file = "";
    private long offset;
    private boolean positioned;
    private boolean ended;

    /** What takes the lines. */
    interface Sink {
        /** A line of the log, without its end: {@code TIME STREAM F|P TEXT}. */
        void line(byte[] entry);

        /** Nothing more has come yet. */
        void pause();

        /** Whatever was there at first has come. */
        void live();

        /** Lines are missing here. */
        void gap();
    }

    /** @param container its whole name, or an unambiguous beginning */
    LogStream(Session session, Absence absence, String container, LogOptions options) {
        this.session = session;
        this.absence = absence;
        this.container = Daemon.segment(container);
        this.options = options;
    }

    /**
     * Reads to the end: of what there is, or where it is followed of what will ever be.
     *
     * @throws BrockerException.Unreachable when the daemon does not come back in time
     */
    void read(Sink sink) {
        while (!ended) {
            try {
                connect(sink);
            } catch (BrockerException.Unreachable e) {
                sink.pause();
                absence.goesOn(e);
            }
        }
        sink.pause();
    }

    private void connect(Sink sink) {
        String from = positioned ? "&after=" + file + "@" + offset : options.query();
        String path = "/containers/" + container + "/logs?marks=true&follow=" + options.follow() + from;
        // A daemon that has come back may have another token.
        try (InputStream log = session.daemon().open(path)) {
            absence.over();
            begun.reset();
            byte[] chunk = new byte[CHUNK];
            for (int count = log.read(chunk); count > 0; count = log.read(chunk)) {
                take(chunk, count, sink);
            }
        } catch (IOException e) {
            throw lost(String.valueOf(e.getMessage()));
        }
        if (!positioned) {
            throw new BrockerException.Host(
                    "unexpected-answer", "the daemon's log does not say where it begins", "is it an older brockerd?");
        }
        if (!ended) {
            throw lost("it ended before the log did");
        }
    }

    /** Takes the next bytes, which may end anywhere. */
    private void take(byte[] chunk, int count, Sink sink) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (chunk[i] == '\n') {
                begun.write(chunk, from, i - from);
                byte[] entry = begun.toByteArray();
                begun.reset();
                from = i + 1;
                if (entry.length > 0 && entry[0] == '#') {
                    mark(new String(entry, StandardCharsets.ISO_8859_1), sink);
                } else {
                    offset += entry.length + 1;
                    sink.line(entry);
                }
            }
        }
        begun.write(chunk, from, count - from);
        sink.pause();
    }

    private void mark(String mark, Sink sink) {
        switch (mark) {
            case "#live" -> sink.live();
            case "#gap" -> sink.gap();
            case "#end" -> ended = true;
            default -> {
                if (mark.startsWith("#at ")) {
                    at(mark.substring(4));
                }
                // Others are a newer daemon's.
            }
        }
    }

    /** It becomes part of a path. */
    private void at(String position) {
        int at = position.indexOf('@');
        String digits = position.substring(at + 1);
        boolean right = at >= 0 && !digits.isEmpty() && digits.length() < 19;
        for (int i = 0; i < position.length(); i++) {
            right &= "0123456789TZ:.-@".indexOf(position.charAt(i)) >= 0;
        }
        if (!right || digits.chars().anyMatch(c -> c < '0' || c > '9')) {
            throw new BrockerException.Host(
                    "unexpected-answer", "\"" + position + "\" is not a position in a log", "is it brockerd?");
        }
        file = position.substring(0, at);
        offset = Long.parseLong(digits);
        positioned = true;
    }

    private static BrockerException.Unreachable lost(String reason) {
        return new BrockerException.Unreachable(
                "connection-lost", "the connection to the daemon was lost: " + reason, "");
    }
}
