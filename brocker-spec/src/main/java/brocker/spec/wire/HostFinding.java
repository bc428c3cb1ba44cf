package brocker.spec.wire;

import java.util.Optional;

/**
 * One line of {@code brockerd check}: {@code {"subject": "nginx", "level": "missing", "detail": "no \"/usr/sbin/nginx\"", "hint":
 * "apt-get install nginx-light"}}.
 */
public record HostFinding(String subject, Level level, String detail, Optional<String> hint) {
    /** Whether Brocker can work with what was found. */
    public enum Level {
        OK,
        /** It runs, but something is less than it could be. */
        LIMITED,
        /** It cannot run. */
        MISSING;

        @com.fasterxml.jackson.annotation.JsonCreator(
                mode = com.fasterxml.jackson.annotation.JsonCreator.Mode.DELEGATING)
        static Level parse(String text) {
            return valueOf(text.toUpperCase(java.util.Locale.ROOT));
        }

        @com.fasterxml.jackson.annotation.JsonValue
        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public static HostFinding ok(String subject, String detail) {
        return new HostFinding(subject, Level.OK, detail, Optional.empty());
    }

    public static HostFinding limited(String subject, String detail, String hint) {
        return new HostFinding(subject, Level.LIMITED, detail, Optional.of(hint));
    }

    public static HostFinding missing(String subject, String detail, String hint) {
        return new HostFinding(subject, Level.MISSING, detail, Optional.of(hint));
    }
}
