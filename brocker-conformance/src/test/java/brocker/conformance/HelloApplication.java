package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.conformance.load.Crowd;
import brocker.conformance.load.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code examples/hello}, unpacked, with an AOT cache, so that a replica starts in half the time. Needs {@code hello.jar}, which
 * {@code make} builds.
 */
final class HelloApplication {
    private static final Path JAR = Distribution.sources().resolve("examples/hello/target/hello.jar");
    private static final Path UNPACKED = Path.of("target/hello").toAbsolutePath();
    private static final String INSIDE = "/mnt/hello";
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin/java").toString();

    /** With the first compiler alone a code cache would be small, and the JVM stop for a full collection when some of it is in use. */
    private static final List<String> OPTIONS =
            List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=240m");

    private HelloApplication() {}

    /** Unpacks it and trains its cache, anew each time: a cache whose jar was replaced runs the old program. */
    static void prepare() {
        if (!Files.isReadable(JAR)) {
            throw new AssertionError("no \"" + JAR + "\": build it first, with: make uptime");
        }
        run("rm", "-rf", UNPACKED.toString());
        run(JAVA, "-Djarmode=tools", "-jar", JAR.toString(), "extract", "--destination", UNPACKED.toString());
        train();
    }

    /** A cache of what starts alone would leave the first requests to load what they need one class after the other. */
    private static void train() {
        int port = Brockerd.freePort();
        List<String> command = new ArrayList<>(List.of(JAVA, "-XX:AOTCacheOutput=hello.aot"));
        command.addAll(OPTIONS);
        command.addAll(List.of("-jar", "hello.jar", "--server.port=" + port));
        Ledger ledger = new Ledger("training");
        Process training = start(command);
        try {
            Await.until("it answers", Duration.ofMinutes(1), () -> answers(port));
            try (Crowd _ = new Crowd(port, ledger, UptimeClients.all())) {
                Await.pause(Duration.ofSeconds(3));
            }
        } finally {
            training.destroy();
        }
        int code = training.onExit().join().exitValue();
        assertThat(ledger.failures()).isEmpty();
        if (code != 143 || !Files.exists(UNPACKED.resolve("hello.aot"))) {
            throw new AssertionError("the training run left no cache: it ended with code " + code);
        }
    }

    private static Process start(List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .directory(UNPACKED.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(UNPACKED.resolve("training.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean answers(int port) {
        try {
            return Http.get("127.0.0.1", port, "/actuator/health/readiness").status() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    /**
     * The keys of a container file that runs it.
     *
     * @param revision makes it another one than before
     */
    static String template(int revision) {
        String command = "%s -XX:AOTCache=hello.aot %s -jar hello.jar".formatted(JAVA, String.join(" ", OPTIONS));
        return """
                "command": "%s", "working-directory": "%s", "memory": "256m", "env": {"REVISION": "%d"}, \
                "mounts": [{"source": "%s", "target": "%s", "read-only": true}]\
                """.formatted(command, INSIDE, revision, UNPACKED, INSIDE);
    }

    private static void run(String... command) {
        Outcome.run(List.of(command), Map.of(), new byte[0]).succeeded();
    }
}
