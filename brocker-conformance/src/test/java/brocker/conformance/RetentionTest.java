package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How long ended containers are known: the last five of each service, for a day. */
class RetentionTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @AfterEach
    void remove() {
        BROCKERD.client("service", "remove", "many");
        BROCKERD.client("service", "remove", "few");
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    @Test
    void lastFiveOfEachServiceAreKeptForADay() throws SQLException {
        BROCKERD.addService("{\"name\": \"many\"}");
        BROCKERD.addService("{\"name\": \"few\"}");
        String alone = end("few");
        List<String> ended = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ended.add(end("many"));
        }
        List<String> kept = ended.subList(2, 7);
        assertKept("many", kept);
        assertKept("few", List.of(alone));
        assertThat(Host.entries(BROCKERD.containers())).doesNotContainAnyElementsOf(ended.subList(0, 2));

        BROCKERD.stop();
        endedAt(Instant.now().minus(Duration.ofHours(25)), kept.get(0), kept.get(1));
        endedAt(Instant.now().minus(Duration.ofHours(23)), kept.get(2));
        BROCKERD.start();
        assertKept("many", kept.subList(2, 5));
        assertKept("few", List.of(alone));
    }

    private static String end(String service) {
        String name = BROCKERD.runTool(service, "exit 0");
        BROCKERD.awaitExit(name);
        return name;
    }

    /** Known, with their files; and nothing else of the service that has ended is. */
    private static void assertKept(String service, List<String> names) {
        Await.until(
                "no more than are kept",
                Duration.ofSeconds(20),
                () -> exited(service).size() <= names.size());
        assertThat(exited(service)).containsExactlyInAnyOrderElementsOf(names);
        assertThat(Host.entries(BROCKERD.containers())).containsAll(names);
        assertThat(Host.entries(BROCKERD.state().resolve("containers"))).containsAll(names);
    }

    private static List<String> exited(String service) {
        return BROCKERD.containers(service).stream()
                .filter(view -> view.path("state").asString().equals("exited"))
                .map(view -> view.path("name").asString())
                .toList();
    }

    private static void endedAt(Instant at, String... names) throws SQLException {
        String database = "jdbc:sqlite:file:" + BROCKERD.state().resolve("brocker.db");
        try (Connection connection = DriverManager.getConnection(database);
                PreparedStatement statement =
                        connection.prepareStatement("UPDATE containers SET ended = ? WHERE name = ?")) {
            for (String name : names) {
                statement.setString(1, at.toString());
                statement.setString(2, name);
                assertThat(statement.executeUpdate()).isEqualTo(1);
            }
        }
    }
}
