package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The keys {@code capabilities} and {@code seccomp}, by what a command can do. */
class PrivilegesTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static final String DEFAULT_SET = "00000000800405fb";
    /** A profile that says there is no room for directories. */
    private static final String FULL = """
            {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
              {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28}]}""";

    @BeforeAll
    static void add() {
        BROCKERD.addService("{\"name\": \"held\", \"bridge-ip\": \"10.77.31.1\"}");
        BROCKERD.file("full.json", FULL);
    }

    private static String running(String keys) {
        return BROCKERD.runTool("held", "sleep", keys);
    }

    private static String set(String name, String which) {
        return field(exec(name, "/usr/bin/cat", "/proc/self/status").succeeded().stdout(), which);
    }

    private static String field(String status, String key) {
        return status.lines()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.substring(key.length() + 1).strip())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no \"" + key + "\" in " + status));
    }

    private static Outcome exec(String name, String... command) {
        String[] arguments = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("container", "exec", name), java.util.stream.Stream.of(command))
                .toArray(String[]::new);
        return BROCKERD.client(arguments);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "capabilities": {}                                          | 00000000800405fb
            "capabilities": {"add": ["NET_RAW"]}                        | 00000000800425fb
            "capabilities": {"add": ["cap_net_raw"], "drop": ["chown"]} | 00000000800425fa
            "capabilities": {"drop": ["ALL"]}                           | 0000000000000000
            "capabilities": {"drop": ["ALL"], "add": ["KILL"]}          | 0000000000000020
            """)
    void whatIsAddedAndDroppedIsSeenByTheCommandAndByAnother(String keys, String expected) {
        String name = running(keys);
        String status = Host.read(BROCKERD.commandPid(name), "status");

        for (String which : new String[] {"CapBnd", "CapPrm", "CapEff"}) {
            assertThat(field(status, which)).as(which).isEqualTo(expected);
            assertThat(set(name, which)).as(which + " of exec").isEqualTo(expected);
        }
        assertThat(field(status, "CapInh")).isEqualTo("0000000000000000");
        assertThat(field(status, "CapAmb")).isEqualTo("0000000000000000");
    }

    @Test
    void everyContainerIsFilteredByDefaultTheProxyToo() {
        String name = running("\"hostname\": \"held\"");

        assertThat(field(Host.read(BROCKERD.commandPid(name), "status"), "Seccomp"))
                .isEqualTo("2");
        assertThat(set(name, "Seccomp")).isEqualTo("2");
        assertThat(set(name, "CapBnd")).isEqualTo(DEFAULT_SET);
        String proxy = BROCKERD.rest()
                .get("/api/v1/services/held")
                .json()
                .path("proxy")
                .asString();
        JsonNode view = BROCKERD.inspect(proxy);
        assertThat(field(Host.read(BROCKERD.commandPid(view.path("name").asString()), "status"), "Seccomp"))
                .isEqualTo("2");
        Outcome unshare = exec(name, "/usr/bin/unshare", "--user", "/bin/true");
        assertThat(unshare.code()).isNotZero();
        assertThat(unshare.stderr()).contains("Operation not permitted");
    }

    @Test
    void unconfinedContainerHasNoFilter() {
        String name = running("\"seccomp\": \"unconfined\"");

        assertThat(field(Host.read(BROCKERD.commandPid(name), "status"), "Seccomp"))
                .isEqualTo("0");
        assertThat(set(name, "Seccomp")).isEqualTo("0");
    }

    @Test
    void ownProfileIsReadBesideTheFileThatNamesIt() {
        String name = running("\"seccomp\": \"full.json\"");

        Outcome made = exec(name, "/usr/bin/mkdir", "/tmp/new");
        assertThat(made.code()).isEqualTo(1);
        assertThat(made.stderr()).contains("No space left on device");
        assertThat(exec(name, "/usr/bin/touch", "/tmp/new").code()).isZero();
    }

    @Test
    void ownProfileOfATemplateIsReadAsWell() {
        Path file = BROCKERD.file("template.json", """
                {"name": "templated", "bridge-ip": "10.77.32.1",
                 "container": {"command": "/bin/sleep 1000", "seccomp": "full.json", "capabilities": {"drop": ["ALL"]}}}""");
        BROCKERD.client("service", "add", file.toString()).succeeded();
        try {
            String name = BROCKERD.rest().get("/api/v1/containers").json().values().stream()
                    .filter(view -> view.path("service").asString().equals("templated"))
                    .filter(view -> view.path("role").asString().equals("replica"))
                    .map(view -> view.path("name").asString())
                    .findFirst()
                    .orElseThrow();
            assertThat(exec(name, "/usr/bin/mkdir", "/tmp/new").stderr()).contains("No space left on device");
            assertThat(set(name, "CapBnd")).isEqualTo("0000000000000000");
        } finally {
            BROCKERD.client("service", "remove", "templated").succeeded();
        }
    }
}
