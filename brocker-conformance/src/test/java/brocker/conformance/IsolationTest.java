package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** One container, seen from outside and from inside. */
class IsolationTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static String name = "";
    private static String other = "";

    @BeforeAll
    static void run() {
        BROCKERD.addService("{\"name\": \"apart\", \"bridge-ip\": \"10.77.1.1\"}");
        name = BROCKERD.runTool("apart", "sleep");
        other = BROCKERD.runTool("apart", "sleep", "\"hostname\": \"quiet\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pid", "mnt", "net", "uts", "ipc", "cgroup"})
    void everyNamespaceIsItsOwn(String kind) {
        String inside = Host.namespace(BROCKERD.commandPid(name), kind);
        assertThat(inside)
                .startsWith(kind + ":[")
                .isNotEqualTo(Host.namespace(ProcessHandle.current().pid(), kind))
                .isNotEqualTo(Host.namespace(BROCKERD.pid(), kind))
                .isNotEqualTo(Host.namespace(BROCKERD.commandPid(other), kind));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pid", "mnt", "net", "uts", "ipc", "cgroup"})
    void anotherCommandIsInTheContainersNamespaces(String kind) {
        String inside = exec("/usr/bin/readlink", "/proc/self/ns/" + kind).strip();
        assertThat(inside).isEqualTo(Host.namespace(BROCKERD.commandPid(name), kind));
    }

    @Test
    void processOneIsBrockerRun() {
        assertThat(exec("/usr/bin/cat", "/proc/1/comm")).isEqualTo("brocker-run\n");
        assertThat(Host.read(BROCKERD.inspect(name).path("pid").asLong(), "comm"))
                .isEqualTo("brocker-run\n");
    }

    @Test
    void onlyItsOwnProcessesAreVisible() {
        List<Integer> processes = exec("/usr/bin/ls", "/proc")
                .lines()
                .filter(entry -> entry.matches("\\d+"))
                .map(Integer::valueOf)
                .sorted()
                .toList();
        // PID 1, its command, and the command that looks.
        assertThat(processes).hasSize(3).startsWith(1);
        assertThat(exec("/usr/bin/cat", "/proc/" + processes.get(1) + "/comm")).isEqualTo("tool\n");
    }

    @Test
    void insideAreLoopbackAndVeth1WithTheContainersAddress() {
        JsonNode links = Rest.parse(exec("/sbin/ip", "-j", "addr"));
        assertThat(links.values().stream().map(link -> link.path("ifname").asString()))
                .containsExactly("lo", "veth1");
        JsonNode veth = links.get(1);
        assertThat(veth.path("flags").toString()).contains("\"UP\"");
        assertThat(veth.path("addr_info").values().stream()
                        .filter(address -> address.path("family").asString().equals("inet"))
                        .map(address -> address.path("local").asString() + "/" + address.path("prefixlen")))
                .containsExactly(BROCKERD.inspect(name).path("address").asString() + "/24");
    }

    @Test
    void theOtherEndOfVeth1IsAttachedToTheBridge() {
        JsonNode inside = Rest.parse(exec("/sbin/ip", "-j", "link", "show", "dev", "veth1"))
                .get(0);
        String bridge = BROCKERD.service("apart").path("bridge").asString();
        String end = BROCKERD.inspect(name).path("interface").asString();
        assertThat(end).matches("veth\\d+");
        assertThat(bridge).matches("brocker\\d+");
        JsonNode outside = Host.link(end);
        assertThat(outside.path("master").asString()).isEqualTo(bridge);
        assertThat(outside.path("flags").toString()).contains("\"UP\"");
        assertThat(inside.path("link_index").asInt())
                .isEqualTo(outside.path("ifindex").asInt());
    }

    @Test
    void theBridgeIsTheDefaultGatewayAndCarriesItsAddress() {
        JsonNode routes = Rest.parse(exec("/sbin/ip", "-j", "route", "show", "default"));
        assertThat(routes.get(0).path("gateway").asString()).isEqualTo("10.77.1.1");
        String bridge = BROCKERD.service("apart").path("bridge").asString();
        assertThat(Outcome.of("ip", "-br", "-4", "addr", "show", "dev", bridge)).contains("10.77.1.1/24");
    }

    @Test
    void whatIsWrittenToAppInsideIsInTheContainersDirectoryOutside() throws IOException {
        BROCKERD.client(bytes("written inside"), "container", "exec", "-i", name, "/usr/bin/tee", "/app/inside")
                .succeeded();
        Path directory = BROCKERD.containers().resolve(name);
        assertThat(directory.resolve("inside")).hasContent("written inside");
        Files.writeString(directory.resolve("outside"), "written outside");
        assertThat(exec("/usr/bin/cat", "/app/outside")).isEqualTo("written outside");
        assertThat(exec("/usr/bin/stat", "-c", "%i", "/app").strip())
                .isEqualTo(Files.getAttribute(directory, "unix:ino").toString());
    }

    @Test
    void theNameIsFortyHexadecimalDigitsAndNamesTheDirectory() {
        assertThat(name).matches("[0-9a-f]{40}");
        assertThat(BROCKERD.containers().resolve(name)).isDirectory();
    }

    @Test
    void secretsAndForeignFilesAreNotVisible() throws IOException {
        Path foreign = Files.writeString(BROCKERD.containers().resolve(other).resolve("foreign"), "");
        List<String> hidden = List.of(
                "/etc/shadow",
                "/etc/sudoers",
                "/etc/ssh",
                BROCKERD.token().toString(),
                BROCKERD.state().resolve("brocker.db").toString(),
                foreign.toString(),
                "/root/.bashrc",
                "/proc/1/root/etc/shadow");
        assertThat(Path.of("/etc/shadow")).exists();
        String seen = exec(java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("/mnt/tool", "see", "/etc/passwd"), hidden.stream())
                .toArray(String[]::new));
        assertThat(seen.lines().findFirst().orElse("")).isEqualTo("/etc/passwd: open");
        assertThat(seen.lines().skip(1)).hasSize(hidden.size()).noneMatch(line -> line.endsWith(": open"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/usr/brocker-was-here", "/sys/brocker-was-here", "/proc/sys/vm/swappiness"})
    void theHostsFilesCannotBeWritten(String file) {
        Outcome outcome = BROCKERD.client(bytes("60"), "container", "exec", "-i", name, "/usr/bin/tee", file);
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.stderr()).contains("Read-only file system");
        assertThat(Path.of("/usr/brocker-was-here")).doesNotExist();
    }

    @Test
    void theConfigurationDirectoryIsNotTheHosts() {
        assertThat(exec("/usr/bin/stat", "-c", "%d:%i", "/etc"))
                .isNotEqualTo(Outcome.of("stat", "-c", "%d:%i", "/etc"));
        BROCKERD.client(bytes("60"), "container", "exec", "-i", name, "/usr/bin/tee", "/etc/brocker-was-here");
        assertThat(Path.of("/etc/brocker-was-here")).doesNotExist();
        assertThat(BROCKERD.client("container", "exec", other, "/usr/bin/ls", "/etc")
                        .succeeded()
                        .stdout())
                .contains("passwd")
                .doesNotContain("brocker-was-here");
    }

    @Test
    void theTemporaryDirectoryIsPrivate() {
        exec("/usr/bin/touch", "/tmp/private", "/var/tmp/private");
        assertThat(BROCKERD.client("container", "exec", other, "/usr/bin/ls", "/tmp", "/var/tmp")
                        .succeeded()
                        .stdout())
                .doesNotContain("private");
    }

    @Test
    void theCommandHasOnlyTheStandardDescriptors() {
        String fds = BROCKERD.runTool("apart", "fds");
        assertThat(BROCKERD.awaitExit(fds)).isZero();
        assertThat(BROCKERD.client("container", "logs", fds).succeeded().stdout())
                .isEqualTo("0\n1\n2\n");
        assertThat(exec("/mnt/tool", "fds")).isEqualTo("0\n1\n2\n");
    }

    @Test
    void theCommandCanGainNoPrivileges() {
        for (String status :
                List.of(exec("/usr/bin/cat", "/proc/self/status"), Host.read(BROCKERD.commandPid(name), "status"))) {
            assertThat(field(status, "NoNewPrivs")).isEqualTo("1");
            long bounding = Long.parseUnsignedLong(field(status, "CapBnd"), 16);
            assertThat(field(status, "CapEff")).isEqualTo(field(status, "CapBnd"));
            assertThat(field(status, "CapInh")).isEqualTo("0000000000000000");
            assertThat(field(status, "CapAmb")).isEqualTo("0000000000000000");
            assertThat(bounding & (1L << 21)).as("CAP_SYS_ADMIN").isZero();
            assertThat(bounding & (1L << 12)).as("CAP_NET_ADMIN").isZero();
            assertThat(bounding & (1L << 16)).as("CAP_SYS_MODULE").isZero();
            assertThat(bounding & (1L << 19)).as("CAP_SYS_PTRACE").isZero();
            assertThat(bounding & (1L << 25)).as("CAP_SYS_TIME").isZero();
        }
    }

    @Test
    void theHostNameIsTheShortNameUnlessOneIsGiven() {
        assertThat(exec("/usr/bin/cat", "/proc/sys/kernel/hostname").strip()).isEqualTo(name.substring(0, 12));
        assertThat(BROCKERD.client("container", "exec", other, "/usr/bin/cat", "/proc/sys/kernel/hostname")
                        .succeeded()
                        .stdout()
                        .strip())
                .isEqualTo("quiet");
    }

    @Test
    void theCommandIsInTheContainersControlGroupAndSeesItAsTheRoot() {
        List<String> outside =
                Host.read(BROCKERD.commandPid(name), "cgroup").lines().toList();
        assertThat(outside).anyMatch(line -> line.endsWith("/" + BROCKERD.group() + "/" + name));
        assertThat(Host.read(BROCKERD.commandPid(name), "cgroup")).doesNotContain(other);
        List<String> inside = exec("/usr/bin/cat", "/proc/self/cgroup").lines().toList();
        assertThat(inside).isNotEmpty().noneMatch(line -> line.contains(name));
    }

    private static String field(String status, String key) {
        return status.lines()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.substring(key.length() + 1).strip())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no \"" + key + "\" in " + status));
    }

    private static String exec(String... command) {
        String[] arguments = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("container", "exec", name), java.util.stream.Stream.of(command))
                .toArray(String[]::new);
        return BROCKERD.client(arguments).succeeded().stdout();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
