package brocker.daemon.api;

import brocker.spec.BrockerException;
import brocker.spec.json.Json;
import brocker.spec.wire.Problem;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The one place where a failure becomes an answer. */
final class Problems {
    private static final System.Logger LOG = System.getLogger(Problems.class.getName());

    /** As the C library says it. */
    private static final String NO_SPACE = "No space left on device";

    private Problems() {}

    static void send(ServerResponse response, BrockerException e) {
        if (e instanceof BrockerException.TooLarge
                || e instanceof BrockerException.Unauthorized
                || e instanceof BrockerException.Unreachable) {
            // What is left of the body is not read, and a client without a token gets one answer for its connection.
            response.header(HeaderNames.CONNECTION, "close");
        }
        Problem problem = Problem.of(e);
        response.status(Status.create(problem.status(), problem.title()))
                .header(HeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .send(Json.write(problem).getBytes(StandardCharsets.UTF_8));
    }

    /** A failure that is nobody's input: a defect of ours, or of the host. */
    static void sendUnexpected(ServerResponse response, Throwable e) {
        LOG.log(System.Logger.Level.ERROR, "a request failed", e);
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        send(
                response,
                fullDisk(e).orElseGet(() -> new BrockerException.Host("internal", message, "see the daemon's log")));
    }

    /** Not a defect, and something that the reader can do something about. */
    private static Optional<BrockerException.Host> fullDisk(Throwable e) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause)
                .filter(cause -> cause instanceof IOException
                        && String.valueOf(cause.getMessage()).contains(NO_SPACE))
                .findFirst()
                .map(cause -> {
                    String file = cause instanceof FileSystemException failure ? failure.getFile() : null;
                    return new BrockerException.Host(
                            "disk-full",
                            "the disk is full" + (file == null ? "" : ": \"" + file + "\" cannot be written"),
                            "make room and try again; see how much there is: df -h");
                });
    }
}
