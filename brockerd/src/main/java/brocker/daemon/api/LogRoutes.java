package brocker.daemon.api;

import brocker.daemon.log.LogPosition;
import brocker.daemon.log.LogStart;
import brocker.daemon.log.LogWatch;
import brocker.daemon.orchestrator.Orchestrator;
import brocker.spec.BrockerException;
import brocker.spec.PointInTime;
import brocker.spec.wire.ContainerState;
import brocker.spec.wire.ContainerView;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code /api/v1/containers/{name}/logs}. Each reader has a virtual thread of its own and goes at its own pace. */
record LogRoutes(Orchestrator orchestrator, LogWatch watch) implements HttpService {
    /** Between two looks at a container that goes on. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Override
    public void routing(HttpRules rules) {
        rules.get("/{name}/logs", this::show);
    }

    private void show(ServerRequest request, ServerResponse response) throws IOException {
        LogStart start = start(request);
        boolean follow = flag(request, "follow");
        boolean marks = flag(request, "marks");
        ContainerView view =
                orchestrator.container(request.path().pathParameters().get("name"));
        Path directory = orchestrator.logDirectory(view.name().value());
        response.header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .header(HeaderNames.CACHE_CONTROL, "no-store");
        try (OutputStream out = response.outputStream()) {
            LogStream stream = new LogStream(out, marks);
            if (follow) {
                follow(stream, view, directory, start);
            } else {
                stream.write(directory, start, view.state() == ContainerState.EXITED);
            }
        }
    }

    private void follow(LogStream stream, ContainerView view, Path directory, LogStart start) throws IOException {
        AtomicBoolean ended = new AtomicBoolean();
        try (LogWatch.Bell bell = watch.on(directory)) {
            Thread waiting = Thread.ofVirtual()
                    .name("log-end-" + view.name().abbreviated())
                    .start(() -> {
                        if (awaitEnd(view)) {
                            ended.set(true);
                            bell.ring();
                        }
                    });
            try {
                stream.follow(directory, start, bell, ended::get);
            } finally {
                waiting.interrupt();
            }
        }
    }

    /** Whether it has ended for good; not, when the reader or the daemon has left. */
    private boolean awaitEnd(ContainerView view) {
        try {
            while (orchestrator.awaitEnd(view.name().value(), PATIENCE).state() != ContainerState.EXITED) {
                // It goes on.
            }
            return true;
        } catch (BrockerException.NotFound _) {
            // Forgotten: nothing of it is left to be read.
            return true;
        } catch (InterruptedException _) {
            return false;
        }
    }

    private static LogStart start(ServerRequest request) {
        Optional<String> after = request.query().first("after").asOptional();
        if (after.isPresent()) {
            return new LogStart.After(LogPosition.parse(after.get()));
        }
        return new LogStart.Lines(
                request.query().first("tail").map(LogRoutes::count),
                request.query().first("since").map(text -> PointInTime.parse(text, Instant.now())));
    }

    private static int count(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below, as for a negative number.
        }
        throw new BrockerException.Invalid("invalid-tail", "\"" + text + "\" is not a number of lines", "");
    }

    private static boolean flag(ServerRequest request, String name) {
        String text = request.query().first(name).orElse("false");
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new BrockerException.Invalid(
                        "invalid-" + name, "\"" + text + "\" is neither \"true\" nor \"false\"", "");
        };
    }
}
