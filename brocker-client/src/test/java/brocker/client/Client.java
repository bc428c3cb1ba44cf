package brocker.client;

import brocker.client.text.Output;
import brocker.client.verb.Shell;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The program, with a daemon of its own that it finds by its environment, at {@code 2026-11-23T19:28:30Z}. */
final class Client implements AfterEachCallback {
    final FakeDaemon daemon = new FakeDaemon();
    final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    final Map<String, String> env = new HashMap<>(Map.of("BROCKER_HOST", daemon.address(), "BROCKER_TOKEN", "secret"));
    boolean terminal;

    int run(String... args) {
        return run(stdout, args);
    }

    int run(OutputStream out, String... args) {
        Shell shell = new Shell(
                env,
                new ByteArrayInputStream(new byte[0]),
                new Output(out),
                new Output(stderr),
                _ -> terminal,
                InstantSource.fixed(Instant.parse("2026-11-23T19:28:30Z")));
        return Main.run(List.of(args), shell);
    }

    String out() {
        return stdout.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return stderr.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        daemon.close();
    }
}
