package brocker.spec.wire;

import brocker.spec.BrockerException;
import java.util.Optional;

/**
 * An error on the wire, {@code application/problem+json} (RFC 9457).
 *
 * <pre>{@code
 * {"type": "about:blank", "title": "Conflict", "status": 409, "code": "service-exists",
 *  "detail": "the service \"shop\" exists already",
 *  "hint": "change it: brocker-client service deploy FILE; or remove it: brocker-client service remove shop"}
 * }</pre>
 */
public record Problem(String type, String title, int status, String code, String detail, Optional<String> hint) {
    public static final String MEDIA_TYPE = "application/problem+json";

    /** The one place that decides which failure is which HTTP status. */
    public static Problem of(BrockerException e) {
        return switch (e) {
            case BrockerException.Invalid _ -> of(400, "Bad Request", e);
            case BrockerException.Unauthorized _ -> of(401, "Unauthorized", e);
            case BrockerException.NotFound _ -> of(404, "Not Found", e);
            case BrockerException.Conflict _ -> of(409, "Conflict", e);
            case BrockerException.TooLarge _ -> of(413, "Content Too Large", e);
            case BrockerException.CannotStart _ -> of(422, "Unprocessable Content", e);
            case BrockerException.Host _ -> of(500, "Internal Server Error", e);
            case BrockerException.Unreachable _ -> of(503, "Service Unavailable", e);
        };
    }

    /** The failure that the daemon had, for the client to throw. */
    public BrockerException toException() {
        String advice = hint.orElse("");
        return switch (status) {
            case 401 -> new BrockerException.Unauthorized(code, detail, advice);
            case 404 -> new BrockerException.NotFound(code, detail, advice);
            case 409 -> new BrockerException.Conflict(code, detail, advice);
            case 413 -> new BrockerException.TooLarge(code, detail, advice);
            case 422 -> new BrockerException.CannotStart(code, detail, advice);
            case 503 -> new BrockerException.Unreachable(code, detail, advice);
            default ->
                status < 500
                        ? new BrockerException.Invalid(code, detail, advice)
                        : new BrockerException.Host(code, detail, advice);
        };
    }

    private static Problem of(int status, String title, BrockerException e) {
        return new Problem("about:blank", title, status, e.code(), e.message(), e.hint());
    }
}
