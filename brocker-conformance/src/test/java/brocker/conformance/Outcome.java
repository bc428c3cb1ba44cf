package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * How a program ended and what it said.
 *
 * @param raw its stdout, each byte as the character of that number
 */
record Outcome(List<String> command, int code, String raw, String stderr) {
    private static final Duration LONGEST = Await.patient(Duration.ofSeconds(60));

    String stdout() {
        return new String(stdoutBytes(), StandardCharsets.UTF_8);
    }

    byte[] stdoutBytes() {
        return raw.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Runs a program of the host to its end, which it reaches within a minute, and whose exit code is 0; gives its stdout. */
    static String of(String... command) {
        return run(List.of(command), Map.of(), new byte[0]).succeeded().stdout();
    }

    static Outcome run(List<String> command, Map<String, String> env, byte[] stdin) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(env);
            Process process = builder.start();
            CompletableFuture<byte[]> out = reader(process.getInputStream());
            CompletableFuture<byte[]> err = reader(process.getErrorStream());
            try (OutputStream in = process.getOutputStream()) {
                in.write(stdin);
            } catch (IOException e) {
                // A program that ends without reading its input is judged by how it ended.
                assertThat(e).hasMessageContaining("Broken pipe");
            }
            if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(command + " did not end within " + LONGEST + "; it said: "
                        + new String(out.join(), StandardCharsets.UTF_8)
                        + new String(err.join(), StandardCharsets.UTF_8));
            }
            return new Outcome(
                    command,
                    process.exitValue(),
                    new String(out.join(), StandardCharsets.ISO_8859_1),
                    new String(err.join(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<String> command(Path program, String... arguments) {
        return java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(program.toString()), java.util.stream.Stream.of(arguments))
                .toList();
    }

    Outcome succeeded() {
        assertThat(code).as("%s said: %s%s", command, stdout(), stderr).isZero();
        return this;
    }

    /** Fails as a user should see it: this code, nothing on stdout, one {@code error:} line, and at most one {@code hint:}. */
    Outcome failed(int exitCode) {
        assertThat(code).as("%s said: %s%s", command, stdout(), stderr).isEqualTo(exitCode);
        assertThat(stdout()).as("stdout of %s", command).isEmpty();
        List<String> lines = stderr.lines().toList();
        assertThat(lines).as("stderr of %s", command).hasSizeBetween(1, 2);
        assertThat(lines.getFirst()).startsWith("error: ");
        assertThat(lines.subList(1, lines.size())).allMatch(line -> line.startsWith("hint: "));
        return this;
    }

    /** What the {@code error:} line says, whole. */
    Outcome saying(String... parts) {
        assertThat(stderr.lines().findFirst().orElse("")).contains(parts);
        return this;
    }

    Outcome hinting(String part) {
        assertThat(stderr.lines().skip(1).findFirst().orElse(""))
                .startsWith("hint: ")
                .contains(part);
        return this;
    }

    private static CompletableFuture<byte[]> reader(InputStream stream) {
        CompletableFuture<byte[]> all = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (stream) {
                all.complete(stream.readAllBytes());
            } catch (IOException e) {
                all.completeExceptionally(e);
            }
        });
        return all;
    }
}
