package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Rows that cannot be read and things that cannot be taken up again are the fault of one service or container, never of the daemon. */
class BrokenRecordTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final int oddPort = Brockerd.freePort();
    private String neighbour = "";
    private String replica = "";

    @BeforeEach
    void twoServicesRun() {
        BROCKERD.addService(service("sound", Brockerd.freePort()));
        BROCKERD.addService(service("odd", oddPort));
        BROCKERD.awaitReady("sound", 1);
        BROCKERD.awaitReady("odd", 1);
        neighbour = BROCKERD.replicas("sound").getFirst().path("name").asString();
        replica = BROCKERD.replicas("odd").getFirst().path("name").asString();
    }

    @AfterEach
    void theNeighbourNeverNoticedAndTheBrokenOneCanBeRemoved() {
        try {
            assertThat(BROCKERD.view(neighbour).path("state").asString()).isEqualTo("running");
            BROCKERD.killCommand(neighbour);
            Await.until(
                    "the neighbour's replica is replaced",
                    Duration.ofSeconds(30),
                    () -> BROCKERD.replicas("sound").stream()
                                    .anyMatch(view -> view.path("ready").asBoolean())
                            && BROCKERD.service("sound").path("ready").asInt() == 1);
        } finally {
            for (JsonNode service : BROCKERD.rest().get("/api/v1/services").json()) {
                BROCKERD.client("service", "remove", service.path("name").asString())
                        .succeeded();
            }
        }
        BROCKERD.leftovers().assertNothingOfContainers();
        assertThat(BROCKERD.client("check").succeeded().stdout()).doesNotContain("\"odd\"");
        // What was removed can be added once more.
        BROCKERD.addService(service("odd", oddPort));
        BROCKERD.awaitReady("odd", 1);
        BROCKERD.client("service", "remove", "odd").succeeded();
    }

    @Test
    void serviceOfAnUnknownKeyIsShownKeptAndCanBeRemoved() throws Exception {
        List<Long> pids = pids("odd");
        damage("UPDATE services SET spec = json_insert(spec, '$.colour', 'red') WHERE name = 'odd'");

        assertThat(pids("odd")).isEqualTo(pids);
        assertThat(Http.get("127.0.0.1", oddPort, "/").status()).isEqualTo(200);
        assertThat(BROCKERD.service("odd").path("broken").asString()).contains("unknown key \"colour\"");
        assertThat(BROCKERD.client("service", "list").succeeded().stdout()).containsPattern("odd .* broken");
        assertThat(BROCKERD.client("service", "status", "odd").succeeded().stdout())
                .contains("broken: ", "unknown key \"colour\"");
        assertThat(BROCKERD.client("service", "inspect", "odd").succeeded().stdout())
                .contains("\"broken\"");
        assertThat(BROCKERD.client("check").succeeded().stdout()).contains("service \"odd\"", "unknown key");
        assertThat(BROCKERD.client("events").succeeded().stdout()).contains("service.fault", "odd");
        for (String verb : List.of("scale odd 2", "rollback odd")) {
            refused(BROCKERD.client(("service " + verb).split(" ", -1)));
        }
        refused(BROCKERD.client(
                "service",
                "deploy",
                BROCKERD.file("odd.json", service("odd", oddPort)).toString()));
        String run = "{\"service-name\": \"odd\", %s}".formatted(Tool.template("sleep"));
        refused(BROCKERD.client(
                "container", "run", BROCKERD.file("run.json", run).toString()));
        refused(BROCKERD.client("container", "restart", replica));
        // What it holds nobody else gets.
        BROCKERD.client(
                        "service",
                        "add",
                        BROCKERD.file(
                                        "other.json",
                                        "{\"name\": \"other\", \"publish\": \"127.0.0.1:%d\"}".formatted(oddPort))
                                .toString())
                .failed(1)
                .saying("the service \"odd\" is published on");
        assertThat(BROCKERD.client("container", "exec", replica, "/mnt/tool", "exit", "9")
                        .code())
                .isEqualTo(9);
        // Repaired, it is as it was.
        damage("UPDATE services SET spec = json_remove(spec, '$.colour') WHERE name = 'odd'");
        assertThat(BROCKERD.service("odd").has("broken")).isFalse();
        assertThat(pids("odd")).isEqualTo(pids);
        BROCKERD.client("service", "scale", "odd", "2").succeeded();
        damage("UPDATE services SET spec = json_insert(spec, '$.colour', 'red') WHERE name = 'odd'");
    }

    @Test
    void serviceOfWhichNothingCanBeReadKeepsItsContainers() throws Exception {
        List<Long> pids = pids("odd");
        damage("UPDATE services SET spec = '{', number = -number, address = 'x', created = '' WHERE name = 'odd'");
        assertThat(pids("odd")).isEqualTo(pids);
        assertThat(Http.get("127.0.0.1", oddPort, "/").status()).isEqualTo(200);
        assertThat(BROCKERD.service("odd").path("broken").asString()).isNotEmpty();
        assertThat(BROCKERD.service("sound").path("warnings")).isEmpty();
        // The bridge is known by its number alone.
        damage("UPDATE services SET number = -number WHERE name = 'odd'");
        assertThat(pids("odd")).isEqualTo(pids);
    }

    @Test
    void replicaThatCannotBeReadGoesOnIsReplacedAndCanBeRemoved() throws Exception {
        long pid = BROCKERD.view(replica).path("pid").asLong();
        damage("UPDATE containers SET spec = json_insert(spec, '$.colour', 1) WHERE name = '" + replica + "'");
        JsonNode view = BROCKERD.view(replica);
        assertThat(view.path("state").asString()).isEqualTo("broken");
        assertThat(view.path("reason").asString()).contains("unknown key \"colour\"");
        assertThat(ProcessHandle.of(pid)).isPresent();
        assertThat(BROCKERD.client("container", "list").succeeded().stdout()).contains("broken");
        Await.until(
                "another one is ready",
                Duration.ofSeconds(30),
                () -> BROCKERD.service("odd").path("ready").asInt() == 1);
        BROCKERD.client("container", "stop", replica)
                .failed(1)
                .saying("is broken: ")
                .hinting("container remove");
        BROCKERD.client("container", "remove", replica).succeeded();
        Await.until(
                "its process is gone",
                Duration.ofSeconds(10),
                () -> ProcessHandle.of(pid).isEmpty());
        assertThat(Host.entries(BROCKERD.containers())).doesNotContain(replica);
        assertThat(BROCKERD.leftovers().rows("containers")).doesNotContain(replica);
        BROCKERD.client("container", "inspect", replica).failed(1).saying("there is no container");
    }

    @Test
    void proxyThatCannotBeReadGoesOnServing() throws Exception {
        damage("UPDATE containers SET spec = '{' WHERE role = 'PROXY' AND service = 'odd'");
        assertThat(BROCKERD.service("odd").path("broken").asString()).startsWith("its proxy");
        assertThat(Http.get("127.0.0.1", oddPort, "/").status()).isEqualTo(200);
    }

    @Test
    void containerWithoutANameIsNotKilledAsNobodys() throws Exception {
        long pid = BROCKERD.view(replica).path("pid").asLong();
        damage("UPDATE containers SET name = 'x' WHERE name = '" + replica + "'");
        assertThat(ProcessHandle.of(pid)).isPresent();
        assertThat(BROCKERD.service("odd").path("warnings").toString()).contains("is not a container name");
        Await.until(
                "another one is ready",
                Duration.ofSeconds(30),
                () -> BROCKERD.service("odd").path("ready").asInt() == 1);
        BROCKERD.client("service", "remove", "odd").succeeded();
        // Now it is known that its group is nobody's; its files are nobody's to delete.
        BROCKERD.stop();
        BROCKERD.start();
        Await.until(
                "its process is gone",
                Duration.ofSeconds(10),
                () -> ProcessHandle.of(pid).isEmpty());
        Outcome.of(
                "rm",
                "-r",
                BROCKERD.containers().resolve(replica).toString(),
                BROCKERD.state().resolve("containers").resolve(replica).toString());
    }

    @Test
    void oldRevisionThatCannotBeReadOnlyCannotBeRolledBackTo() throws Exception {
        BROCKERD.client(
                        "service",
                        "deploy",
                        BROCKERD.file("odd.json", service("odd", oddPort).replace("serve 9000", "serve 9000 10"))
                                .toString())
                .succeeded();
        damage("UPDATE revisions SET spec = json_insert(spec, '$.colour', 'red') WHERE service = 'odd' AND number = 1");
        assertThat(BROCKERD.service("odd").has("broken")).isFalse();
        assertThat(BROCKERD.client("service", "status", "odd").succeeded().stderr())
                .contains("revision 1 cannot be read: ");
        BROCKERD.client("service", "rollback", "odd").failed(1).saying("there is no earlier revision");
        BROCKERD.client("service", "scale", "odd", "2").succeeded();
        BROCKERD.awaitReady("odd", 2);
        damage("UPDATE revisions SET spec = json_remove(spec, '$.colour') WHERE service = 'odd' AND number = 1");
        BROCKERD.client("service", "rollback", "odd").succeeded();
    }

    @Test
    void directoryOfAProxyThatCannotBeUsedIsTriedAgain() throws Exception {
        BROCKERD.stop();
        Path inTheWay = BROCKERD.state().resolve("proxies/odd/leaving/1/x");
        Files.createDirectories(inTheWay);
        BROCKERD.start();
        assertThat(BROCKERD.service("odd").path("warnings").toString()).contains("its health cannot be watched");
        assertThat(Http.get("127.0.0.1", oddPort, "/").status()).isEqualTo(200);
        Files.delete(inTheWay);
        Await.until(
                "it is done",
                Duration.ofSeconds(20),
                () -> BROCKERD.service("odd").path("warnings").isEmpty());
        BROCKERD.client("service", "scale", "odd", "2").succeeded();
        BROCKERD.awaitReady("odd", 2);
    }

    @Test
    void controlGroupOfNobodysThatIsBusyHoldsUpNobody() throws Exception {
        Path group = Host.groups(BROCKERD.group()).getLast().resolve("nobodys");
        BROCKERD.stop();
        Files.createDirectory(group);
        for (String needed : List.of("cpuset.cpus", "cpuset.mems")) {
            if (Files.exists(group.resolve(needed))) {
                Files.writeString(group.resolve(needed), Files.readString(group.resolveSibling(needed)));
            }
        }
        // Not even root may remove a group with something mounted on it.
        Path inside = Files.createDirectory(group.resolve("inside"));
        Outcome.of("mount", "--bind", inside.toString(), inside.toString());
        try {
            long begun = System.nanoTime();
            BROCKERD.start();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Await.patient(Duration.ofSeconds(10)));
            assertThat(BROCKERD.client("check").succeeded().stdout()).contains("\"nobodys\"", "cannot be removed");
        } finally {
            Outcome.of("umount", inside.toString());
        }
        Await.until("it is gone", Duration.ofSeconds(30), () -> !Files.exists(group));
        Await.until(
                "it is no longer said",
                Duration.ofSeconds(10),
                () -> !BROCKERD.client("check").succeeded().stdout().contains("nobodys"));
    }

    private static void refused(Outcome outcome) {
        outcome.failed(1).saying("the service \"odd\" is broken: ").hinting("brocker-client service remove odd");
    }

    private static String service(String name, int port) {
        return "{\"name\": \"%s\", \"publish\": \"127.0.0.1:%d\", \"port\": 9000, \"container\": {%s}}"
                .formatted(name, port, Tool.template("serve 9000"));
    }

    private static List<Long> pids(String service) {
        return BROCKERD.containers(service).stream()
                .filter(view -> view.has("pid"))
                .map(view -> view.path("pid").asLong())
                .sorted()
                .toList();
    }

    /** As another version, or a damaged disk, would leave the state; between two daemons. */
    private static void damage(String statement) throws Exception {
        BROCKERD.stop();
        Path database = BROCKERD.state().resolve("brocker.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:file:" + database);
                Statement opened = connection.createStatement()) {
            assertThat(opened.executeUpdate(statement)).as(statement).isPositive();
        }
        BROCKERD.start();
    }
}
