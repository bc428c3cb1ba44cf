package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a container that has ended by itself is started again: {@code "no"}, {@code "on-failure"}, {@code "on-failure:5"} or
 * {@code "always"}.
 *
 * @param most how many starts in a row may fail before it is given up; no limit where absent
 */
public record RestartPolicy(Condition condition, OptionalInt most) {
    /** Never, which is the default. */
    public static final RestartPolicy NO = new RestartPolicy(Condition.NO, OptionalInt.empty());

    public static final RestartPolicy ALWAYS = new RestartPolicy(Condition.ALWAYS, OptionalInt.empty());

    private static final Pattern ON_FAILURE = Pattern.compile("on-failure(?::([1-9]\\d{0,8}))?");

    /** When it is started again. */
    public enum Condition {
        NO,
        /** When its exit code is not 0. */
        ON_FAILURE,
        /** Whatever its exit code, and after the host was restarted as well. */
        ALWAYS
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static RestartPolicy parse(String text) {
        Matcher onFailure = ON_FAILURE.matcher(text);
        if (onFailure.matches()) {
            String most = onFailure.group(1);
            return new RestartPolicy(
                    Condition.ON_FAILURE, most == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(most)));
        }
        return switch (text) {
            case "no" -> NO;
            case "always" -> ALWAYS;
            default ->
                throw new BrockerException.Invalid(
                        "invalid-restart",
                        "\"" + text + "\" is not a restart policy",
                        "write \"no\", \"on-failure\", \"on-failure:5\" or \"always\"");
        };
    }

    @JsonValue
    @Override
    public String toString() {
        return switch (condition) {
            case NO -> "no";
            case ALWAYS -> "always";
            case ON_FAILURE -> "on-failure" + (most.isPresent() ? ":" + most.getAsInt() : "");
        };
    }
}
