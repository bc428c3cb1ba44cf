package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A duration as users write it: {@code 500ms}, {@code 10s}, {@code 2m}, {@code 1h}. Never negative, at most a year. */
public record Timespan(Duration duration) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,12})(ms|s|m|h)");

    public Timespan {
        if (duration.isNegative() || duration.compareTo(Duration.ofDays(365)) > 0) {
            throw invalid(duration.toString());
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Timespan parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw invalid(text);
        }
        long number = Long.parseLong(matcher.group(1));
        return new Timespan(
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    default -> Duration.ofHours(number);
                });
    }

    /**
     * The same, where it may not be zero.
     *
     * @param key names it in the failure
     */
    public Timespan positive(String key) {
        if (duration.isZero()) {
            throw new BrockerException.Invalid("invalid-duration", "\"" + key + "\" must be longer than zero", "")
                    .at(key);
        }
        return this;
    }

    @JsonValue
    @Override
    public String toString() {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 3600 == 0 && seconds > 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static BrockerException.Invalid invalid(String text) {
        return new BrockerException.Invalid(
                "invalid-duration",
                "\"" + text + "\" is not a duration",
                "write a duration as \"500ms\", \"10s\", \"2m\" or \"1h\"");
    }
}
