package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code docs/security.md} says what is so: what Docker's default container may not do, Brocker's may not either. */
class SecurityTableTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static final Path DOCUMENT = Path.of(System.getProperty("brocker.root"), "docs/security.md");
    private static final int FEWEST_ROWS = 600;
    private static final int FEWEST_COMPARED = 400;

    @BeforeAll
    static void add() {
        BROCKERD.addService("{\"name\": \"surveyed\", \"bridge-ip\": \"10.77.43.1\"}");
    }

    private static SecurityTable committed() {
        try {
            SecurityTable table = SecurityTable.parse(Files.readString(DOCUMENT));
            assertThat(table.rows()).hasSizeGreaterThanOrEqualTo(FEWEST_ROWS);
            return table;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void nothingIsAllowedThatDockerRefuses() {
        committed()
                .rows()
                .forEach((thing, row) -> assertThat(Survey.within(row.brocker(), row.docker()))
                        .as("\"%s\": Docker says %s, Brocker %s", thing, row.docker(), row.brocker())
                        .isTrue());
    }

    @Test
    void dockerRefusesMuchAndBrockerMore() {
        Map<String, SecurityTable.Row> rows = committed().rows();
        assertThat(rows.values().stream().filter(row -> row.docker().startsWith("refused")))
                .hasSizeGreaterThan(80);
        assertThat(rows.values().stream()
                        .filter(row ->
                                row.docker().equals("allowed") && row.brocker().startsWith("refused")))
                .hasSizeGreaterThan(10);
    }

    @Test
    void theContainerOfTodayIsAsInTheTable() {
        Map<String, SecurityTable.Row> rows = committed().rows();
        List<String> different = new ArrayList<>();
        int compared = compare((thing, verdict) -> {
            SecurityTable.Row row = rows.get(thing);
            // Which paths a kernel has depends on its configuration; of calls and capabilities the table has to be true
            // both ways.
            boolean both = row != null && (thing.startsWith("path ") || Survey.within(row.brocker(), verdict));
            if (row == null || !both || !Survey.within(verdict, row.brocker())) {
                different.add("\"%s\": %s, not as in %s".formatted(thing, verdict, row));
            }
        });

        assertThat(different).isEmpty();
        assertThat(compared).isGreaterThan(FEWEST_COMPARED);
    }

    @Test
    void aContainerWithTheHostsUserIdsIsAllowedNothingBeyondDockers() {
        Map<String, SecurityTable.Row> rows = committed().rows();
        List<String> beyond = new ArrayList<>();
        int compared = compare(
                (thing, verdict) -> {
                    SecurityTable.Row row = rows.get(thing);
                    if (row == null || !Survey.within(verdict, row.docker())) {
                        beyond.add("\"%s\": %s, beyond %s".formatted(thing, verdict, row));
                    }
                },
                "\"user-namespace\": false");

        assertThat(beyond).isEmpty();
        assertThat(compared).isGreaterThan(FEWEST_COMPARED);
    }

    /** Surveys a container made with further keys. Gives how many of its verdicts could be compared with the table's. */
    private static int compare(BiConsumer<String, String> verdicts, String... keys) {
        Survey outside = Survey.parse(Outcome.of(Probe.path().toString(), "--all", "outside"));
        String name = BROCKERD.runProbe("surveyed", "--all", keys);
        assertThat(BROCKERD.awaitExit(name)).isZero();
        Survey inside = Survey.parse(
                BROCKERD.client("container", "logs", name).succeeded().stdout());
        Map<String, SecurityTable.Row> rows = committed().rows();
        // What a kernel has under /proc beyond the one that was asked, or that one had not, cannot be compared.
        List<String> things = inside.things().stream()
                .filter(thing -> !outside.lacks(thing))
                .filter(thing ->
                        rows.containsKey(thing) ? !rows.get(thing).lacking() : !thing.startsWith("path /proc/"))
                .toList();
        things.forEach(thing -> verdicts.accept(thing, inside.verdict(thing, outside)));
        return things.size();
    }
}
