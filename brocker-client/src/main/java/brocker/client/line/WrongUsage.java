package brocker.client.line;

import java.io.Serial;

/** The command line says something that no verb understands: exit code 2. */
public final class WrongUsage extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String hint;

    /**
     * Says what is wrong.
     *
     * @param hint what to write instead; empty where there is nothing to say
     */
    public WrongUsage(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    public String message() {
        return String.valueOf(getMessage());
    }

    public String hint() {
        return hint;
    }
}
