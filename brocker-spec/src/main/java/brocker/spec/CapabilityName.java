package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One capability or {@code ALL} of them, as a user names it.
 *
 * @param text {@code CAP_NET_RAW}, or {@code ALL}
 */
public record CapabilityName(String text) {
    private static final String ALL = "ALL";
    private static final String PREFIX = "CAP_";

    /**
     * Reads {@code NET_RAW}, {@code CAP_NET_RAW} or {@code ALL}, in any case.
     *
     * @throws BrockerException.Invalid when there is no such capability
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public CapabilityName(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        String full = upper.equals(ALL) || upper.startsWith(PREFIX) ? upper : PREFIX + upper;
        if (!full.equals(ALL)
                && Arrays.stream(Capability.values())
                        .noneMatch(known -> known.name().equals(full))) {
            throw new BrockerException.Invalid(
                    "unknown-capability", "\"" + text + "\" is not a capability", hint(full));
        }
        this.text = full;
    }

    /** The capabilities that it stands for. */
    public Set<Capability> members() {
        return text.equals(ALL) ? EnumSet.allOf(Capability.class) : EnumSet.of(Capability.valueOf(text));
    }

    public boolean isAll() {
        return text.equals(ALL);
    }

    @Override
    @JsonValue
    public String text() {
        return text;
    }

    @Override
    public String toString() {
        return text;
    }

    private static String hint(String full) {
        Stream<String> known = Stream.concat(
                Stream.of(ALL),
                Arrays.stream(Capability.values())
                        .map(capability -> capability.name().substring(PREFIX.length())));
        return Nearest.to(full.substring(PREFIX.length()), known.toList())
                .map(nearest -> "did you mean \"" + nearest + "\"?")
                .orElse("write one of capabilities(7), such as \"NET_RAW\", or \"ALL\"");
    }
}
