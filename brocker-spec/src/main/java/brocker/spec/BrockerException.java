package brocker.spec;

import java.io.Serial;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Every failure that a user may see. The message is one line with the object in quotes, the code is stable and kebab-case, and the
 * hint, where there is one, says what to do.
 */
public abstract sealed class BrockerException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String code;
    private final String hint;

    private BrockerException(String code, String message, String hint) {
        super(oneLine(message));
        this.code = code;
        this.hint = hint;
    }

    public String code() {
        return code;
    }

    public Optional<String> hint() {
        return hint.isEmpty() ? Optional.empty() : Optional.of(hint);
    }

    /** What is quoted may hold line ends and other control characters, which would forge further lines. */
    private static String oneLine(String message) {
        return message.codePoints()
                .mapToObj(c -> Character.isISOControl(c) ? String.format("\\u%04x", c) : Character.toString(c))
                .collect(Collectors.joining());
    }

    /** One line, with the object in quotes. */
    public String message() {
        return String.valueOf(getMessage());
    }

    /** The input is wrong and will be as wrong the next time. */
    public static final class Invalid extends BrockerException {
        @Serial
        private static final long serialVersionUID = 1;

        private final String key;

        public Invalid(String code, String message, String hint) {
            this(code, message, hint, "");
        }

        private Invalid(String code, String message, String hint, String key) {
            super(code, message, hint);
            this.key = key;
        }

        /** The same failure, said of one key of the object that was being read. */
        public Invalid at(String keyOfObject) {
            return new Invalid(code(), message(), hint().orElse(""), keyOfObject);
        }

        /** The key that is wrong, empty where it is the value being read or the whole object. */
        public String key() {
            return key;
        }
    }

    /** The caller showed no token, or a wrong one. */
    public static final class Unauthorized extends BrockerException {
        @Serial
        private static final long serialVersionUID = 1;

        public Unauthorized(String code, String message, String hint) {
            super(code, message, hint);
        }
    }

    /** What was named does not exist. */
    public static final class NotFound extends BrockerException {
        @Serial
        private static final long serialVersionUID = 1;

        public NotFound(String code, String message, String hint) {
            super(code, message, hint);
        }
    }

    /** What was asked for contradicts what exists: a name, an address or a port is taken, a pool is exhausted. */
    public static final class Conflict extends BrockerException {
        @Serial
        private static final long serialVersionUID = 1;

        public Conflict(String code, String message, String hint) {
            super(code, message, hint);
        }
    }

    /** The request is larger than the daemon takes. */
    public static final class TooLarge extends BrockerException {
        @Serial
        private static final long serialVersionUID = 1;

        public TooLarge(String code, String message, String hint) {
            super(code, message, hint);
        }
    }

    /** The container's command, user or files do not let it start. */
    public static final class CannotStart extends BrockerException {
        @Serial
        private static final long serialVersionUID = 1;

        public CannotStart(String code, String message, String hint) {
            super(code, message, hint);
        }
    }

    /** The host refused: a missing program or privilege, a full disk, a failed system call. */
    public static final class Host extends BrockerException {
        @Serial
        private static final long serialVersionUID = 1;

        public Host(String code, String message, String hint) {
            super(code, message, hint);
        }
    }

    /** No daemon answers. */
    public static final class Unreachable extends BrockerException {
        @Serial
        private static final long serialVersionUID = 1;

        public Unreachable(String code, String message, String hint) {
            super(code, message, hint);
        }
    }
}
