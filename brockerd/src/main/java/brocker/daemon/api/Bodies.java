package brocker.daemon.api;

import brocker.spec.BrockerException;
import brocker.spec.json.Json;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Between bodies and records. */
final class Bodies {
    /** The largest JSON that is read, in bytes; artifacts have no limit. */
    private static final int MOST = 1 << 20;

    private Bodies() {}

    /**
     * Reads a JSON body; an empty one is an empty object.
     *
     * @throws BrockerException.TooLarge as soon as it is known to be
     */
    static <T> T read(ServerRequest request, Class<T> type) {
        if (!request.content().hasEntity()) {
            return Json.read("request body", "{}", type);
        }
        long announced = request.headers().contentLength().orElse(0);
        if (announced > MOST) {
            throw tooLarge();
        }
        try (InputStream in = request.content().inputStream()) {
            byte[] body = in.readNBytes(MOST + 1);
            if (body.length > MOST) {
                throw tooLarge();
            }
            return Json.read("request body", new String(body, StandardCharsets.UTF_8), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void send(ServerResponse response, Status status, Object value) {
        response.status(status)
                .header(HeaderNames.CONTENT_TYPE, "application/json")
                .send(Json.write(value).getBytes(StandardCharsets.UTF_8));
    }

    private static BrockerException.TooLarge tooLarge() {
        return new BrockerException.TooLarge(
                "body-too-large",
                "the request body is larger than " + (MOST >> 20) + " MiB",
                "upload files as artifacts");
    }
}
