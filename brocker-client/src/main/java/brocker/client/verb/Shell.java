package brocker.client.verb;

import brocker.client.text.Output;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Map;

/**
 * What the program was started in.
 *
 * @param terminals tells which standard streams are terminals
 */
public record Shell(
        Map<String, String> env,
        InputStream stdin,
        Output stdout,
        Output stderr,
        Terminals terminals,
        InstantSource clock) {
    public Shell {
        env = Map.copyOf(env);
    }

    /** Tells whether a descriptor, 1 or 2, is a terminal. Asked only by what depends on it. */
    @FunctionalInterface
    public interface Terminals {
        boolean is(int descriptor);
    }

    /** The columns to fit into: no limit where stdout is not a terminal, 80 where it does not say its width in COLUMNS. */
    public int columns() {
        if (!terminals.is(1)) {
            return Integer.MAX_VALUE;
        }
        try {
            return Integer.parseInt(env.getOrDefault("COLUMNS", "80"));
        } catch (NumberFormatException e) {
            // Not a width: as good as not set.
            return 80;
        }
    }
}
