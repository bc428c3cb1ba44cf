package brocker.conformance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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
    private static final List<String> OPTIONS = List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private HelloApplication() {}

    /** Unpacks it and trains its cache, anew each time: a cache whose jar was replaced runs the old program. */
    static void prepare() {
        if (!Files.isReadable(JAR)) {
            throw new AssertionError("no \"" + JAR + "\": build it first, with: make uptime");
        }
        run("rm", "-rf", UNPACKED.toString());
        run(JAVA, "-Djarmode=tools", "-jar", JAR.toString(), "extract", "--destination", UNPACKED.toString());
        run(Stream.of(
                        Stream.of("env", "-C", UNPACKED.toString(), JAVA, "-XX:AOTCacheOutput=hello.aot"),
                        OPTIONS.stream(),
                        Stream.of("-Dspring.context.exit=onRefresh", "-jar", "hello.jar"))
                .flatMap(words -> words)
                .toArray(String[]::new));
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
