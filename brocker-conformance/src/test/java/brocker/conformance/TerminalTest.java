package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a hostile container writes, where a person reads it on a terminal. */
class TerminalTest {
    /** A title, a cursor that moves up, reversed text, C1 as a byte and in UTF-8, a line that pretends to be another container's. */
    private static final String HOSTILE =
            "\\t\\033]0;owned\\007\\033[1A\\342\\200\\256x\\233\\302\\2332J\\raaaaaaaaaaaa | all is well\\177";

    private static final String ESCAPED =
            "\t\\u001b]0;owned\\u0007\\u001b[1A\\u202ex\\x9b\\u009b2J\\raaaaaaaaaaaa | all is well\\u007f";

    private static final byte[] RAW = {
        '\t', 27, ']', '0', ';', 'o', 'w', 'n', 'e', 'd', 7, 27, '[', '1', 'A', -30, -128, -82, 'x', -101, -62, -101,
        '2', 'J', '\r'
    };

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @BeforeEach
    void addService() {
        BROCKERD.addService("{\"name\": \"loud\"}");
    }

    @AfterEach
    void removeService() {
        BROCKERD.client("service", "remove", "loud").succeeded();
    }

    private static String container() {
        return """
                {"service-name": "loud", "command": ["/usr/bin/printf", "%s\\\\n"]}""".formatted(HOSTILE.replace("\\", "\\\\"));
    }

    private static String run() {
        String name = BROCKERD.client(
                        "container",
                        "run",
                        BROCKERD.file("loud.json", container()).toString())
                .succeeded()
                .stdout()
                .strip();
        BROCKERD.awaitExit(name);
        return name;
    }

    /** The client on a terminal, by {@code script(1)}; what the terminal is given, without the ends of lines. */
    private static String onATerminal(String... arguments) {
        String command = String.join(" ", Outcome.command(Distribution.program("brocker-client"), arguments));
        return Outcome.run(
                        List.of("script", "--quiet", "--return", "--command", command, "/dev/null"),
                        BROCKERD.clientEnv(),
                        new byte[0])
                .succeeded()
                .stdout()
                .replace("\r\n", "\n");
    }

    @Test
    void logIsEscapedOnATerminalAndByteForByteInAPipe() {
        String name = run();
        Await.until(
                "it is logged",
                Duration.ofSeconds(10),
                () -> !BROCKERD.client("container", "logs", name).stdout().isEmpty());
        assertThat(BROCKERD.client("container", "logs", name).succeeded().stdoutBytes())
                .startsWith(RAW);
        assertThat(onATerminal("container", "logs", name)).isEqualTo(ESCAPED + "\n");
        assertThat(onATerminal("container", "logs", "-f", name)).isEqualTo(ESCAPED + "\n");
    }

    @Test
    void logsOfAServiceAreEscapedInAPipeToo() {
        String name = run();
        String line = name.substring(0, 12) + " | " + ESCAPED;
        assertThat(BROCKERD.client("service", "logs", "loud")
                        .succeeded()
                        .stdout()
                        .lines())
                .contains(line);
        assertThat(onATerminal("service", "logs", "loud").lines()).contains(line);
    }

    @Test
    void attachedRunIsEscapedOnATerminal() {
        String file = BROCKERD.file("loud.json", container()).toString();
        assertThat(onATerminal("container", "run", "--attach", file)).isEqualTo(ESCAPED + "\n");
        assertThat(BROCKERD.client("container", "run", "--attach", file)
                        .succeeded()
                        .stdoutBytes())
                .startsWith(RAW);
    }

    @Test
    void commandAndErrorsAreEscaped() {
        String file = BROCKERD.file(
                        "bad.json", "{\"service-name\": \"loud\", \"command\": [\"/usr/bin/\\u001b[2Jno\\u202e\"]}")
                .toString();
        assertThat(BROCKERD.client("container", "run", file).failed(1).stderr())
                .contains("/usr/bin/\\u001b[2Jno\\u202e")
                .doesNotContain("\u001b", "\u202e");
        String name = run();
        assertThat(BROCKERD.client("container", "exec", name, "\u001b[2J")
                        .failed(1)
                        .stderr())
                .doesNotContain("\u001b");
        String argument = BROCKERD.file(
                        "argument.json",
                        "{\"service-name\": \"loud\", \"command\": [\"/bin/sleep\", \"0.1\\u001b[2J\\u202e\"]}")
                .toString();
        BROCKERD.client("container", "run", argument).succeeded();
        assertThat(BROCKERD.client("container", "list", "-a").succeeded().stdout())
                .contains("0.1\\u001b[2J\\u202e")
                .doesNotContain("\u001b", "\u202e");
    }
}
