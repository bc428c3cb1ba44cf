package brocker.daemon.api;

import brocker.daemon.event.EventLog;
import brocker.spec.BrockerException;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** {@code /api/v1/events}: server-sent events. Each reader has a virtual thread of its own and goes at its own pace. */
record EventRoutes(EventLog log) implements HttpService {
    @Override
    public void routing(HttpRules rules) {
        rules.get("/", this::stream);
    }

    private void stream(ServerRequest request, ServerResponse response) throws IOException {
        boolean follow = request.query().first("follow").map(EventRoutes::flag).orElse(true);
        // A browser that reconnects sends the header, with the query that it began with.
        Optional<String> since = request.headers()
                .first(HeaderNames.create("Last-Event-ID"))
                .or(() -> request.query().first("since").asOptional());
        long from = since.isPresent() ? sequence(since.get()) : follow ? log.newest() : log.forgotten();
        EventStream stream = EventStream.open(log, from);
        response.header(HeaderNames.CONTENT_TYPE, "text/event-stream").header(HeaderNames.CACHE_CONTROL, "no-store");
        try (OutputStream out = response.outputStream()) {
            if (follow) {
                stream.follow(out);
            } else {
                stream.write(out);
            }
        }
    }

    private static long sequence(String text) {
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below, as for a negative number.
        }
        throw new BrockerException.Invalid("invalid-sequence", "\"" + text + "\" is not the number of an event", "");
    }

    private static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new BrockerException.Invalid(
                        "invalid-follow", "\"" + text + "\" is neither \"true\" nor \"false\"", "");
        };
    }
}
