package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The state directory as it should not be: of a newer Brocker, damaged, on a full disk. */
class StateTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @Test
    void stateOfANewerBrockerIsRefusedAndLeftAsItIs() throws Exception {
        Path database = stopAndSettle();
        byte[] good = Files.readAllBytes(database);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:file:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 999");
        }
        assertRefused(database, "was written by a newer Brocker (schema 999)", "install that version again");
        Files.write(database, good);
        BROCKERD.start();
    }

    @Test
    void damagedStateIsRefusedAndLeftAsItIs() throws Exception {
        Path database = stopAndSettle();
        byte[] good = Files.readAllBytes(database);
        byte[] damaged = good.clone();
        for (int i = 100; i < damaged.length; i += 7) {
            damaged[i] ^= 0x5A;
        }
        Files.write(database, damaged);
        assertRefused(database, "cannot open the state", "it was left untouched");
        Files.write(
                database,
                "not a database, but a text of some length\n".repeat(50).getBytes(StandardCharsets.UTF_8));
        assertRefused(database, "cannot open the state", "it was left untouched");
        Files.write(database, good);
        BROCKERD.start();
    }

    @Test
    void fullDiskRefusesNewWorkLosesNothingAndIsGoneOnWithWhenThereIsRoom() throws IOException {
        BROCKERD.stop();
        Outcome.of(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "size=12m,mode=700",
                "tmpfs",
                BROCKERD.state().toString());
        BROCKERD.start();
        try {
            liveOnAFullDisk();
        } finally {
            Files.deleteIfExists(filler());
            BROCKERD.client("service", "remove", "full");
            BROCKERD.stop();
            Outcome.of("umount", "--lazy", BROCKERD.state().toString());
            BROCKERD.start();
        }
    }

    /** The store refuses what a deployment ends with; that a disk is full just then cannot be arranged. */
    @Test
    void deploymentWhoseEndCannotBeNotedGoesOnWhenItCan() throws SQLException {
        BROCKERD.addService(revision("serve 9000"));
        try {
            BROCKERD.awaitReady("refused", 1);
            inDatabase("CREATE TRIGGER refuse BEFORE INSERT ON services BEGIN SELECT RAISE(FAIL, 'no room'); END");
            try {
                BROCKERD.client("service", "scale", "refused", "2").failed(1).saying("the state cannot be written");
            } finally {
                inDatabase("DROP TRIGGER refuse");
            }
            BROCKERD.rest()
                    .post("/api/v1/services/refused/deploy", revision("serve 9000 1000"))
                    .succeeded();
            inDatabase("CREATE TRIGGER refuse BEFORE INSERT ON services BEGIN SELECT RAISE(FAIL, 'no room'); END");
            try {
                Await.until(
                        "its end is refused",
                        Duration.ofSeconds(20),
                        () -> BROCKERD.log().contains("the deployment of \"refused\", revision 2, does not get on"));
                assertThat(state(2)).isEqualTo("deploying");
            } finally {
                inDatabase("DROP TRIGGER refuse");
            }
            Await.until("it has ended", Duration.ofSeconds(20), () -> state(2).equals("active"));
            assertThat(state(1)).isEqualTo("superseded");
            BROCKERD.client("service", "scale", "refused", "2").succeeded();
        } finally {
            BROCKERD.client("service", "remove", "refused");
        }
    }

    private static void inDatabase(String statement) throws SQLException {
        Path database = BROCKERD.state().resolve("brocker.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:file:" + database);
                Statement opened = connection.createStatement()) {
            opened.execute("PRAGMA busy_timeout = 5000");
            opened.execute(statement);
        }
    }

    private static String state(int revision) {
        return BROCKERD.service("refused")
                .path("revisions")
                .valueStream()
                .filter(known -> known.path("number").asInt() == revision)
                .map(known -> known.path("state").asString())
                .findFirst()
                .orElseThrow();
    }

    private static String revision(String command) {
        return "{\"name\": \"refused\", \"port\": 9000, \"replicas\": 1, \"container\": {%s}}"
                .formatted(Tool.template(command));
    }

    private static void liveOnAFullDisk() throws IOException {
        int port = Brockerd.freePort();
        BROCKERD.addService(
                "{\"name\": \"full\", \"publish\": \"127.0.0.1:%d\", \"port\": 9000, \"replicas\": 1, \"container\": {%s}}"
                        .formatted(port, Tool.template("serve 9000")));
        String stays = BROCKERD.runTool("full", "serve 9000");
        String leaves = BROCKERD.runTool("full", "serve 9000");
        BROCKERD.awaitReady("full", 3);
        String replica = replica();
        fill();

        List<String> links = Host.linkNames();
        List<String> groups =
                BROCKERD.leftovers().childGroups().stream().map(Path::toString).toList();
        String json = "{\"service-name\": \"full\", %s}".formatted(Tool.template("sleep"));
        assertNoRoom(BROCKERD.client(
                "container", "run", BROCKERD.file("more.json", json).toString()));
        String other = "{\"name\": \"other\"}";
        assertNoRoom(BROCKERD.client(
                "service", "add", BROCKERD.file("other.json", other).toString()));
        assertNoRoom(BROCKERD.client("service", "scale", "full", "2"));
        Path big = BROCKERD.work().resolve("big");
        Files.write(big, new byte[3_000_000]);
        String upload =
                "{\"service-name\": \"full\", \"command\": \"/bin/true\", \"copy-file\": true, \"file\": \"%s\"}"
                        .formatted(big);
        assertNoRoom(BROCKERD.client(
                "container", "run", BROCKERD.file("upload.json", upload).toString()));
        assertThat(Host.linkNames()).isEqualTo(links);
        assertThat(BROCKERD.leftovers().childGroups().stream().map(Path::toString))
                .isEqualTo(groups);
        assertThat(BROCKERD.client("service", "list", "-q").succeeded().stdout())
                .isEqualTo("full\n");

        // Two end meanwhile, one by itself and one by a signal.
        assertThat(Http.get(BROCKERD.view(leaves).path("address").asString(), 9000, "/quit")
                        .status())
                .isEqualTo(200);
        ProcessHandle.of(BROCKERD.commandPid(replica)).orElseThrow().destroyForcibly();
        Await.until(
                "one is left",
                Duration.ofSeconds(20),
                () -> BROCKERD.service("full").path("ready").asInt() == 1);
        for (int i = 0; i < 20; i++) {
            assertThat(Http.get("127.0.0.1", port, "/").status()).isEqualTo(200);
        }

        Files.delete(filler());
        BROCKERD.awaitReady("full", 2);
        assertThat(BROCKERD.awaitExit(leaves)).isEqualTo(7);
        assertThat(BROCKERD.awaitExit(replica)).isEqualTo(137);
        assertThat(replica()).isNotEqualTo(replica);
        BROCKERD.runTool("full", "serve 9000");
        BROCKERD.awaitReady("full", 3);
        BROCKERD.kill();
        BROCKERD.start();
        assertThat(BROCKERD.service("full").path("ready").asInt()).isEqualTo(3);
        assertThat(BROCKERD.view(stays).path("state").asString()).isEqualTo("running");
        assertThat(BROCKERD.view(leaves).path("exit-code").asInt()).isEqualTo(7);
    }

    private static void assertNoRoom(Outcome outcome) {
        assertThat(outcome.failed(1).stderr())
                .matches("(?s)error: (the state cannot be written|the disk is full).*hint: .*");
    }

    private static String replica() {
        return BROCKERD.containers("full").stream()
                .filter(view -> view.path("role").asString().equals("replica") && view.has("pid"))
                .findFirst()
                .orElseThrow()
                .path("name")
                .asString();
    }

    private static Path filler() {
        return BROCKERD.state().resolve("filler");
    }

    /** To the last byte. */
    private static void fill() {
        Outcome full = Outcome.run(
                List.of("dd", "if=/dev/zero", "of=" + filler(), "bs=4k"), Map.of("LC_ALL", "C"), new byte[0]);
        assertThat(full.stderr()).contains("No space left on device");
    }

    /** Everything is in the database itself then, and nothing in its write-ahead log, which would hide what happens to the former. */
    private static Path stopAndSettle() throws SQLException {
        BROCKERD.stop();
        Path database = BROCKERD.state().resolve("brocker.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:file:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        return database;
    }

    private static void assertRefused(Path database, String error, String hint) throws IOException {
        byte[] before = Files.readAllBytes(database);
        List<String> entries = entries();
        Outcome.run(BROCKERD.commandLine(), Map.of(), new byte[0])
                .failed(1)
                .saying(error, "\"" + database + "\"")
                .hinting(hint);
        assertThat(Files.readAllBytes(database)).isEqualTo(before);
        assertThat(entries()).isEqualTo(entries);
    }

    /** Beside an index of the write-ahead log, and an empty log, which SQLite makes to read as well. */
    private static List<String> entries() {
        return Host.entries(BROCKERD.state()).stream()
                .filter(name -> !name.matches("brocker\\.db-(shm|wal)"))
                .toList();
    }
}
