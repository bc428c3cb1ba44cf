package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code container exec}. */
class ExecTest {
    private static final int TEN_MEGABYTES = 10_000_000;

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static String name = "";

    @BeforeAll
    static void run() {
        BROCKERD.addService("{\"name\": \"exec\"}");
        name = BROCKERD.runTool("exec", "sleep", "\"env\": {\"FLAVOUR\": \"plain\"}");
    }

    @Test
    void stdoutAndStderrArriveSeparately() {
        Outcome outcome = exec("/mnt/tool", "say").succeeded();
        assertThat(outcome.stdout()).isEqualTo("out\n");
        assertThat(outcome.stderr()).isEqualTo("err\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 42, 125, 255})
    void theExitCodeIsTheCommands(int code) {
        Outcome outcome = exec("/mnt/tool", "exit", String.valueOf(code));
        assertThat(outcome.code()).isEqualTo(code);
        assertThat(outcome.stdout() + outcome.stderr()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 11, 15})
    void aSignalIs128PlusItsNumber(int signal) {
        assertThat(exec("/mnt/tool", "raise", String.valueOf(signal)).code()).isEqualTo(128 + signal);
    }

    @Test
    void tenMegabytesOfAnyBytesGoInAndComeBackTheSame() {
        byte[] bytes = new byte[TEN_MEGABYTES];
        new Random(7).nextBytes(bytes);
        Outcome outcome = BROCKERD.client(bytes, "container", "exec", "-i", name, "/usr/bin/cat")
                .succeeded();
        assertThat(outcome.stdoutBytes()).isEqualTo(bytes);
    }

    @Test
    void withoutInteractiveTheCommandReadsNothing() {
        Outcome outcome = BROCKERD.client(new byte[] {1, 2, 3}, "container", "exec", name, "/usr/bin/cat");
        assertThat(outcome.succeeded().stdoutBytes()).isEmpty();
    }

    @Test
    void aCommandThatIsNotThereIsAnError() {
        exec("/usr/bin/jav").failed(1).saying("cannot start", "\"/usr/bin/jav\"", "no such file or directory");
        exec("jav").failed(1).saying("cannot start", "\"jav\"", "no such file or directory");
    }

    @Test
    void aCommandThatIsNotExecutableIsAnError() {
        exec("/etc/passwd").failed(1).saying("cannot start", "\"/etc/passwd\"", "permission denied");
    }

    @Test
    void aCommandWithoutASlashIsLookedUpInThePath() {
        assertThat(exec("uname", "-n").succeeded().stdout().strip()).isEqualTo(name.substring(0, 12));
    }

    @Test
    void theEnvironmentAndDirectoryAreTheContainers() {
        assertThat(exec("env").succeeded().stdout().lines())
                .contains("FLAVOUR=plain", "BROCKER_CONTAINER=" + name, "BROCKER_SERVICE=exec")
                .noneMatch(line -> line.contains("TOKEN"));
        assertThat(exec("pwd").succeeded().stdout()).isEqualTo("/app\n");
    }

    @Test
    void optionsAfterTheNameBelongToTheCommand() {
        assertThat(exec("echo", "-n", "-i", "--format").succeeded().stdout()).isEqualTo("-i --format");
    }

    @Test
    void theCommandEndsWithTheSession() {
        exec("/mnt/tool", "say").succeeded();
        List<Long> group = Host.processesInGroup(BROCKERD.group()).stream()
                .filter(pid -> Host.read(pid, "cgroup").contains(name))
                .toList();
        // brocker-run and the container's own command.
        assertThat(group).hasSize(2);
    }

    private static Outcome exec(String... command) {
        return BROCKERD.client(Stream.concat(Stream.of("container", "exec", name), Stream.of(command))
                .toArray(String[]::new));
    }
}
