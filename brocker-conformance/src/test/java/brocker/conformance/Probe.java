package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code src/test/c/probe.c}, compiled once: a static program that tries what a hostile one would. */
final class Probe {
    private static final Path SOURCES = Path.of("src/test/c");
    private static final Path PROGRAM = compile();

    private Probe() {}

    static Path path() {
        return PROGRAM;
    }

    /** The keys of a container file that runs it, at {@code /mnt/probe}, with arguments. */
    static String template(String arguments) {
        return """
                "command": "/mnt/probe %s", "mounts": [%s]\
                """.formatted(arguments, mount());
    }

    static String mount() {
        return "{\"source\": \"%s\", \"target\": \"/mnt/probe\", \"read-only\": true}".formatted(PROGRAM);
    }

    /** An attempt as the host's root, in a mount namespace that ends with it. Gives {@code allowed} or {@code refused} and the errno. */
    static String outside(String... attempt) {
        List<String> command =
                new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private", PROGRAM.toString()));
        command.addAll(List.of(attempt));
        return said(Outcome.run(command, Map.of(), new byte[0]));
    }

    /** An attempt inside a container, as its root, by {@code exec}. */
    static String inside(Brockerd daemon, String name, String... attempt) {
        return said(daemon.client(Stream.concat(Stream.of("container", "exec", name, "/mnt/probe"), Stream.of(attempt))
                .toArray(String[]::new)));
    }

    /** A process of the host's root, for attempts at one; the caller ends it. */
    static Process hold() {
        try {
            return new ProcessBuilder(PROGRAM.toString(), "hold")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String said(Outcome outcome) {
        String verdict = outcome.succeeded().stdout().strip();
        assertThat(verdict).as("%s", outcome.command()).matches("(ready\n)?(allowed|refused E\\w+)( \\d+)?");
        return verdict.replaceFirst("ready\n", "");
    }

    private static Path compile() {
        List<String> options = new ArrayList<>(List.of("-no-pie", "-fno-pie"));
        try (Stream<Path> sources = Files.list(SOURCES)) {
            sources.map(Path::toString)
                    .filter(source -> source.matches(".*/probe[a-z-]*\\.c"))
                    .sorted()
                    .forEach(options::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return StaticProgram.compile("probe", options);
    }
}
