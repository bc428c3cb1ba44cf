package brocker.spec;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** A time as users write it: {@code 2026-11-23T19:25:26Z} (RFC 3339), or how long ago it was, {@code 10m}. */
public final class PointInTime {
    private PointInTime() {}

    /**
     * Reads one.
     *
     * @throws BrockerException.Invalid when it is neither
     */
    public static Instant parse(String text, Instant now) {
        try {
            if (text.indexOf('T') >= 0 || text.indexOf('t') >= 0) {
                return OffsetDateTime.parse(text).toInstant();
            }
            return now.minus(Timespan.parse(text).duration());
        } catch (DateTimeException | BrockerException.Invalid e) {
            throw new BrockerException.Invalid(
                    "invalid-time",
                    "\"" + text + "\" is neither a time nor a duration",
                    "write \"2026-11-23T19:25:26Z\", or how long ago, as \"10m\"");
        }
    }
}
