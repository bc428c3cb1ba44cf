package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the proxy picks the next replica; the names are nginx's ({@code ngx_http_upstream_module}). */
public enum LoadBalance {
    LEAST_CONN,
    ROUND_ROBIN,
    IP_HASH,
    RANDOM;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static LoadBalance parse(String text) {
        return Arrays.stream(values())
                .filter(value -> value.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new BrockerException.Invalid(
                        "invalid-load-balance",
                        "\"" + text + "\" is not a way to balance load",
                        "write one of "
                                + Arrays.stream(values())
                                        .map(value -> "\"" + value.text() + "\"")
                                        .collect(Collectors.joining(", "))));
    }

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
