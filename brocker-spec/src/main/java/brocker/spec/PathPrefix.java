package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * The beginning of the paths that a service serves, by whole segments: {@code "/shop"} is {@code /shop} and {@code /shop/cart}, not
 * {@code /shopping}; {@code "/"} is all. A slash at the end means nothing and is left out.
 */
public record PathPrefix(@JsonValue String value) implements Comparable<PathPrefix> {
    /** What needs no escape in a URL (RFC 3986, section 3.3), without what nginx's configuration would take for its own. */
    private static final Pattern SEGMENTS = Pattern.compile("/|(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~@:+,=!()-]+)+");

    private static final int LONGEST = 1024;

    /** Every path. */
    public static final PathPrefix ALL = new PathPrefix("/");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public PathPrefix {
        String written = value;
        value = value.length() > 1 && value.endsWith("/") && !value.endsWith("//")
                ? value.substring(0, value.length() - 1)
                : value;
        if (value.length() > LONGEST || !SEGMENTS.matcher(value).matches()) {
            throw new BrockerException.Invalid(
                    "invalid-path-prefix",
                    "\"" + written + "\" is not the beginning of a path",
                    "write it as \"/shop\" or \"/shop/cart\", of letters, digits and -._~@:+,=!()");
        }
    }

    @Override
    public int compareTo(PathPrefix other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
