package brocker.client.daemon;

import brocker.client.text.Output;
import brocker.client.text.OutputClosed;
import brocker.spec.BrockerException;
import brocker.spec.wire.ExecFrame;
import brocker.spec.wire.ExecRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One command in a running container: a request starts it, a second one brings its output, a third one takes its input. Nothing is
 * buffered beyond one frame, so a slow reader slows the command down.
 */
public final class ExecSession {
    private static final int CHUNK = 32 << 10;

    private final Daemon daemon;
    private final String container;

    ExecSession(Daemon daemon, String container) {
        this.daemon = daemon;
        this.container = container;
    }

    /**
     * Runs the command to its end.
     *
     * @param stdin given to the command until its end, from a thread that outlives the session where a read blocks; nothing where
     *     absent
     * @return the command's exit code
     * @throws BrockerException.Unreachable when the connection breaks before the command has ended
     * @throws OutputClosed when nobody reads the output any more
     */
    public int run(List<String> command, Optional<InputStream> stdin, Output stdout, Output stderr) {
        String answer = daemon.postJson(
                "/containers/" + Daemon.segment(container) + "/exec", request(command, stdin.isPresent()));
        String path = "/exec/" + Answer.object(answer).text("id");
        try (InputStream output = daemon.open(path + "/output")) {
            stdin.ifPresent(in -> startPump(in, path));
            return code(output, stdout, stderr);
        } catch (IOException e) {
            throw lost(String.valueOf(e.getMessage()));
        }
    }

    /** An {@link ExecRequest}; written without Jackson, which would take most of the time of a short command. */
    private static String request(List<String> command, boolean stdin) {
        List<String> quoted = new ArrayList<>();
        for (String word : command) {
            quoted.add(JsonText.quoted(word));
        }
        return "{\"command\":[" + String.join(",", quoted) + "],\"stdin\":" + stdin + "}";
    }

    private static int code(InputStream output, Output stdout, Output stderr) throws IOException {
        while (true) {
            ExecFrame frame = ExecFrame.read(output).orElseThrow(() -> lost("it ended before the command did"));
            byte[] payload = frame.payload();
            switch (frame.channel()) {
                case STDOUT -> stdout.write(payload, 0, payload.length);
                case STDERR -> stderr.write(payload, 0, payload.length);
                case RESULT -> {
                    String text = new String(payload, StandardCharsets.UTF_8);
                    return Math.toIntExact(Answer.object(text).number("code"));
                }
            }
        }
    }

    private void startPump(InputStream stdin, String path) {
        Thread pump = new Thread(() -> pump(stdin, path), "stdin");
        pump.setDaemon(true);
        pump.start();
    }

    /** What goes wrong here is the session's end as well, which whoever reads the output is told. */
    private void pump(InputStream stdin, String path) {
        try {
            daemon.putStream(path + "/stdin", out -> copy(stdin, out));
        } catch (BrockerException e) {
            daemon.trace("stdin: " + e.message());
        }
    }

    /** Each piece is sent as it comes: somebody may be waiting for it. */
    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[CHUNK];
        for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
            out.flush();
        }
    }

    private static BrockerException.Unreachable lost(String reason) {
        return new BrockerException.Unreachable(
                "connection-lost",
                "the connection to the daemon was lost: " + reason,
                "the command was ended with it, where the daemon is still there");
    }
}
