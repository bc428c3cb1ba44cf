package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The daemon as a service of systemd: what it tells its manager, and the unit file of the distribution. */
class SystemdTest {
    private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");
    private static final String HOME = "/opt/brocker";
    private static final Path UNIT = Distribution.root().resolve("lib/systemd/brockerd.service");

    private static final Path SOCKET = UNIT.resolveSibling("brockerd.socket");

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final List<Manager> managers = new ArrayList<>();

    /** A process that hears what a service manager would; every line begins with the sender's PID. */
    private record Manager(Process process, Path out, String socket) {
        static Manager start(String name, String socket) {
            Path out = BROCKERD.work().resolve(name + ".out");
            try {
                Process process = new ProcessBuilder(
                                Tool.path().toString(), "manager", socket, String.valueOf(BROCKERD.port()))
                        .redirectOutput(out.toFile())
                        .start();
                Manager manager = new Manager(process, out, socket);
                Await.until(
                        "it listens",
                        Duration.ofSeconds(10),
                        () -> manager.heard().contains("listening"));
                return manager;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        List<String> heard() {
            return Host.lines(out);
        }

        void awaitHearing(String text) {
            Await.until(
                    "\"" + text + "\" is heard",
                    Duration.ofSeconds(10),
                    () -> heard().stream().anyMatch(line -> line.contains(text)));
        }
    }

    @AfterEach
    void stopManagers() throws IOException {
        for (Manager manager : managers) {
            manager.process.destroyForcibly().onExit().join();
            Files.deleteIfExists(Path.of(manager.socket));
        }
        if (BROCKERD.endsWithin(Duration.ZERO)) {
            BROCKERD.start();
        }
    }

    private Manager manager(String name, String socket) {
        Manager manager = Manager.start(name, socket);
        managers.add(manager);
        return manager;
    }

    @Test
    void managerIsToldWhenTheDaemonServesAndWhenItLeaves() {
        Manager manager = manager("file", BROCKERD.work().resolve("notify").toString());
        BROCKERD.stop();
        BROCKERD.startBy(List.of("env", "NOTIFY_SOCKET=" + manager.socket));
        manager.awaitHearing("READY=1");
        long pid = BROCKERD.pid();
        assertThat(BROCKERD.stop()).isZero();
        manager.awaitHearing("STOPPING=1");
        assertThat(manager.heard())
                .containsExactly(
                        "listening",
                        pid + " STATUS=finds its containers again",
                        pid + " READY=1 STATUS=serves on http://127.0.0.1:" + BROCKERD.port()
                                + "; 0 services, 0 containers, port reached",
                        pid + " STOPPING=1 STATUS=leaves; the containers go on");
    }

    @Test
    void daemonThatCannotServeNeverSaysThatItIsReady() {
        Manager manager = manager("taken", "@" + BROCKERD.group());
        List<String> words = new ArrayList<>(List.of("env", "NOTIFY_SOCKET=" + manager.socket));
        words.addAll(BROCKERD.commandLine());
        Outcome.run(words, Map.of(), new byte[0]).failed(1).saying("another brockerd holds");
        manager.awaitHearing("STATUS=error: another brockerd holds");
        assertThat(manager.heard()).noneMatch(line -> line.contains("READY=1"));
    }

    @Test
    void unitIsOneThatSystemdCanRead() throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(ANALYZE), "no systemd-analyze");
        Path service = BROCKERD.file(
                "brockerd.service",
                Files.readString(UNIT).replace(HOME, Distribution.root().toString()));
        Path socket = BROCKERD.file("brockerd.socket", Files.readString(SOCKET));
        Outcome verified = Outcome.run(
                        List.of(ANALYZE.toString(), "verify", "--man=no", service.toString(), socket.toString()),
                        Map.of(),
                        new byte[0])
                .succeeded();
        assertThat(verified.stdout() + verified.stderr()).isEmpty();
    }

    @Test
    void unitRunsTheDaemonAndLeavesTheContainersToIt() {
        assertThat(setting("Type")).isEqualTo("notify");
        assertThat(setting("KillMode")).isEqualTo("process");
        assertThat(setting("Delegate")).isEqualTo("yes");
        assertThat(setting("Restart")).isEqualTo("on-failure");
        String program = setting("ExecStart");
        assertThat(program).startsWith(HOME + "/");
        assertThat(Distribution.root().resolve(program.substring(HOME.length() + 1)))
                .isExecutable();
        assertThat(Host.lines(Distribution.sources().resolve("README.md")))
                .anyMatch(line -> line.contains("cp ") && line.endsWith(" " + HOME))
                .anyMatch(line -> line.contains(HOME + "/lib/systemd/brockerd.service"));
        // Each of these would give the daemon mounts or a filter that its containers inherit.
        assertThat(Host.lines(UNIT))
                .noneMatch(line -> line.matches(
                        "(Private|Protect|ReadOnly|Inaccessible|Restrict|SystemCall|NoNew|Memory).*=" + ".*"));
    }

    @Test
    void socketUnitListensWhereTheDaemonDoesByDefault() {
        assertThat(settings(SOCKET, "ListenStream")).containsExactly("/run/brocker/brockerd.sock", "127.0.0.1:3000");
        // The daemon gives it to the group: with SocketGroup= there would be no socket on a host without the group.
        assertThat(settings(SOCKET, "SocketMode")).containsExactly("0600");
        assertThat(settings(SOCKET, "SocketGroup")).isEmpty();
        assertThat(settings(SOCKET, "DirectoryMode")).containsExactly("0750");
    }

    @Test
    void daemonThatDoesNotAnswerOrHasNoMemoryIsReplaced() {
        assertThat(Integer.parseInt(setting("WatchdogSec"))).isBetween(10, 120);
        assertThat(setting("RestartPreventExitStatus"))
                .as("not 3, for lack of memory")
                .isEqualTo("2");
        assertThat(Host.lines(Distribution.program("brockerd")))
                .anyMatch(line -> line.contains("-XX:+ExitOnOutOfMemoryError"));
    }

    @Test
    void underTheUnitsEnvironmentAndCapabilitiesContainersRun() {
        String lacking = Arrays.stream(
                        setting("CapabilityBoundingSet").substring(1).split(" ", -1))
                .map(name -> "-" + name.substring("CAP_".length()).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(","));
        BROCKERD.stop();
        BROCKERD.startBy(List.of(
                "env",
                "-i",
                "-C",
                "/",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
                "BROCKER_JAVA_OPTIONS=-Djava.io.tmpdir=" + BROCKERD.work().resolve("tmp"),
                "setpriv",
                "--bounding-set",
                lacking));
        assertThat(bounds(BROCKERD.pid()))
                .isNotEqualTo(bounds(ProcessHandle.current().pid()));
        int port = Brockerd.freePort();
        BROCKERD.addService("{\"name\": \"unit\", \"publish\": \"127.0.0.1:%d\", \"port\": 9000}".formatted(port));
        String name = BROCKERD.runTool("unit", "serve 9000", "\"memory\": \"64m\"");
        BROCKERD.awaitReady("unit", 1);
        assertThat(BROCKERD.client("container", "exec", name, "/mnt/tool", "exit", "9")
                        .code())
                .isEqualTo(9);
        BROCKERD.client("service", "remove", "unit").succeeded();
    }

    private static String bounds(long pid) {
        return Host.read(pid, "status")
                .lines()
                .filter(line -> line.startsWith("CapBnd:"))
                .findFirst()
                .orElseThrow();
    }

    private static String setting(String key) {
        List<String> values = settings(UNIT, key);
        assertThat(values).as("%s in %s", key, UNIT).hasSize(1);
        return values.getFirst();
    }

    private static List<String> settings(Path unit, String key) {
        return Host.lines(unit).stream()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .toList();
    }
}
