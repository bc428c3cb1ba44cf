package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** The name of a service: a DNS label (RFC 1123), since it is also a host name on the bridge. */
public record ServiceName(@JsonValue String value) implements Comparable<ServiceName> {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ServiceName {
        if (!LABEL.matcher(value).matches()) {
            throw new BrockerException.Invalid(
                    "invalid-service-name",
                    "\"" + value + "\" is not a service name",
                    "use lower-case letters, digits and inner hyphens, 63 at most");
        }
    }

    @Override
    public int compareTo(ServiceName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
