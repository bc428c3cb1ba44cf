package brocker.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brocker.spec.BrockerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options, configuration file, settings; nothing here serves. */
final class MainTest {
    private static final Options NOTHING = new Options(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    private final Path file;

    MainTest(@TempDir Path directory) {
        this.file = directory.resolve("brockerd.json");
    }

    private record Outcome(int code, String out, String err) {}

    private static Outcome run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                args,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Outcome withConfig(String json) throws IOException {
        Files.writeString(file, json);
        return run("--config", file.toString());
    }

    @Test
    void everySettingHasADefault() {
        Settings settings = Settings.of(NOTHING);

        assertThat(settings.listen().toString()).endsWith("127.0.0.1:3000");
        assertThat(settings.containerDir()).isEqualTo(Path.of("/container"));
        assertThat(settings.stateDir()).isEqualTo(Path.of("/var/lib/brocker"));
        assertThat(settings.runDir()).isEqualTo(Path.of("/run/brocker"));
        assertThat(settings.cgroupParent()).isEqualTo("brocker");
        assertThat(settings.stopContainersOnExit()).isFalse();
        assertThat(settings.tls()).isEmpty();
        assertThat(settings.url()).isEqualTo("http://127.0.0.1:3000");
    }

    @Test
    void commandLineWinsOverTheFile() {
        Options line = new Options(
                Optional.of("127.0.0.1:1"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(true),
                Optional.of(Path.of("/cert.pem")),
                Optional.empty());
        Options config = new Options(
                Optional.of("127.0.0.1:2"),
                Optional.of(Path.of("/c/../d")),
                Optional.empty(),
                Optional.empty(),
                Optional.of("p"),
                Optional.of(false),
                Optional.of(Path.of("/other.pem")),
                Optional.of(Path.of("/key.pem")));
        Settings settings = Settings.of(line.or(config));

        assertThat(settings.listen().getPort()).isEqualTo(1);
        assertThat(settings.containerDir()).isEqualTo(Path.of("/d"));
        assertThat(settings.cgroupParent()).isEqualTo("p");
        assertThat(settings.stopContainersOnExit()).isTrue();
        assertThat(settings.tls()).contains(new TlsFiles(Path.of("/cert.pem"), Path.of("/key.pem")));
        assertThat(settings.url()).isEqualTo("https://127.0.0.1:1");
    }

    @ParameterizedTest
    @CsvSource({
        "'', invalid-listen",
        "3000, invalid-listen",
        "127.0.0.1, invalid-listen",
        "127.0.0.1:65536, invalid-listen",
        "example.org:3000, invalid-listen",
        "0.0.0.0:3000, listen-needs-tls",
        "10.0.0.1:3000, listen-needs-tls",
        "999.0.0.1:3000, invalid-listen",
        "[::]:3000, listen-needs-tls"
    })
    void addressThatIsNotLoopbackIsRefused(String listen, String code) {
        Options options = new Options(
                Optional.of(listen),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        assertThat(catchThrowableOfType(BrockerException.Invalid.class, () -> Settings.of(options))
                        .code())
                .isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../x", "a/b", ".hidden", "a b", "/a"})
    void cgroupParentIsOneName(String name) {
        assertThat(run("--cgroup-parent=" + name).err())
                .startsWith("error: \"" + name + "\" is not the name of a control group");
    }

    @Test
    void relativeDirectoryIsRefused() {
        Outcome outcome = run("--state-dir", "state");

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).isEqualTo("error: --state-dir \"state\" is not an absolute path\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"listen": "127.0.0.1:3000",\\n "run-dri": "/x"} | line 2: unknown key "run-dri"                     | did you mean "run-dir"?
            {"stop-containers-on-exit": "yes"}               | line 1: "stop-containers-on-exit" must be true or false, not a string |
            {"listen":\\n oops}                              | line 2, column 2: not JSON: unrecognized token        |
            """)
    void wrongConfigurationIsRefusedWithFileLineAndKey(String json, String message, String hint) throws IOException {
        Outcome outcome = withConfig(json.strip().replace("\\n", "\n"));

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("error: \"" + file + "\" " + message.strip());
        assertThat(outcome.err().contains("hint: ")).isEqualTo(hint != null);
        assertThat(outcome.err()).contains(hint == null ? "" : "hint: " + hint + "\n");
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void missingConfigurationIsNamed() {
        assertThat(run("--config", file.toString()).err())
                .isEqualTo("error: cannot read the configuration \"" + file + "\"\n");
    }

    @Test
    void unknownOptionIsWrongUsageWithTheNearest() {
        Outcome outcome = run("--listne", "127.0.0.1:3000");

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).isEqualTo("error: unknown option \"--listne\"\nhint: did you mean \"--listen\"?\n");
    }

    @Test
    void optionBehindTheCommandIsWrongUsage() {
        assertThat(run("check", "--run-dir", "/x").err()).isEqualTo("""
                error: unknown option "--run-dir"
                hint: options come before the command: brockerd [OPTIONS] check
                """);
    }

    @Test
    void helpNamesEveryOptionAndVersionTheVersion() {
        assertThat(run("--help").out())
                .contains("--listen", "--container-dir", "--state-dir", "--run-dir", "--cgroup-parent", "--config");
        assertThat(run("--version").out()).isEqualTo("brockerd " + brocker.spec.Version.CURRENT + "\n");
        assertThat(run("--help").code()).isZero();
    }
}
