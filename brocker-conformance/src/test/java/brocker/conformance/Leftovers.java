package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What a daemon may not leave behind once its services are removed and it has ended. */
final class Leftovers {
    private final Brockerd daemon;
    private final List<String> links = Host.linkNames();
    private final List<String> mounts = Host.mounts();
    private final List<String> networkNamespaces = Host.networkNamespaces();
    private final String packetFilter = PacketFilter.run("list ruleset");

    Leftovers(Brockerd daemon) {
        this.daemon = daemon;
    }

    void assertNone() {
        assertNothingOfContainers();
        assertThat(Host.processesNaming(daemon.work().toString()))
                .as("processes")
                .isEmpty();
        assertThat(Host.entries(daemon.work().resolve("tmp")))
                .as("temporary files")
                .isEmpty();
        assertThat(rows("services")).as("rows of services").isEmpty();
        assertThat(rows("containers")).as("rows of containers").isEmpty();
    }

    /** What holds while the daemon still runs, when it has no services. */
    void assertNothingOfContainers() {
        assertThat(Host.linkNames()).as("links").isEqualTo(links);
        assertThat(Host.mounts()).as("mounts").isEqualTo(mounts);
        assertThat(Host.networkNamespaces()).as("named network namespaces").isEqualTo(networkNamespaces);
        assertThat(PacketFilter.run("list ruleset")).as("packet filter").isEqualTo(packetFilter);
        assertThat(childGroups()).as("control groups").isEmpty();
        assertThat(Host.processesInGroup(daemon.group()))
                .as("processes in groups")
                .isEmpty();
        daemon.awaitRemoved();
        assertThat(Host.entries(daemon.containers()))
                .as("container directories")
                .isEmpty();
        assertThat(Host.entries(daemon.state().resolve("containers")))
                .as("records")
                .isEmpty();
        assertThat(Host.entries(daemon.state().resolve("proxies")))
                .as("proxies")
                .isEmpty();
    }

    List<Path> childGroups() {
        return Host.groups(daemon.group()).stream()
                .flatMap(group -> Host.childGroups(group).stream())
                .toList();
    }

    /** The rows of a table of the store, each as its first column. */
    List<String> rows(String table) {
        String url = "jdbc:sqlite:file:" + daemon.state().resolve("brocker.db");
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT * FROM " + table)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(result.getString(1));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Removes the daemon's directories and its empty group, which are the administrator's to keep. */
    void forget() {
        try (Stream<Path> files = Files.walk(daemon.work())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
            for (Path group : Host.groups(daemon.group())) {
                Files.delete(group);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** After a failure: ends and removes everything that the daemon made, so that the next class finds a clean host. */
    void removeByForce() {
        Host.processesInGroup(daemon.group())
                .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        Await.until(
                "the processes of the groups are gone",
                Duration.ofSeconds(10),
                () -> Host.processesInGroup(daemon.group()).isEmpty());
        List<String> before = new ArrayList<>(mounts);
        Host.mounts().stream()
                .filter(mount -> !before.remove(mount))
                .sorted(Comparator.reverseOrder())
                .forEach(mount -> Outcome.of("umount", "--lazy", mount));
        for (String link : Host.linkNames()) {
            if (!links.contains(link) && Host.linkNames().contains(link)) {
                Outcome.of("ip", "link", "delete", link);
            }
        }
        for (String table : PacketFilter.run("list tables").lines().toList()) {
            if (table.endsWith(" brocker")) {
                PacketFilter.run("delete " + table);
            }
        }
        childGroups().reversed().forEach(group -> Outcome.of("rmdir", group.toString()));
        forget();
    }
}
