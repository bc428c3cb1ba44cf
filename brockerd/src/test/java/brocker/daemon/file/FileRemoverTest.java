package brocker.daemon.file;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.daemon.event.EventDraft;
import brocker.daemon.fault.EventsAlone;
import brocker.daemon.fault.Faults;
import brocker.kernel.Linux;
import brocker.spec.Command;
import brocker.spec.ContainerName;
import brocker.spec.ServiceName;
import brocker.spec.wire.EventType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class FileRemoverTest {
    private static final ServiceName SHOP = new ServiceName("shop");
    private static final ContainerName NAME = ContainerName.of(Instant.EPOCH, new Command(List.of("/bin/true")));

    private final Directories directories;
    private final List<EventDraft> events = new CopyOnWriteArrayList<>();
    private final FileRemover remover;
    private final Faults faults = new Faults(new EventsAlone(events::add));

    FileRemoverTest(@TempDir Path directory) {
        this.directories =
                new Directories(directory.resolve("container"), directory.resolve("state"), directory.resolve("run"));
        this.remover = new FileRemover(directories, events::add);
    }

    @BeforeEach
    void makeFiles() throws IOException {
        // The area is open to root alone, and belongs to whoever makes it.
        Files.createDirectories(directories.app(NAME).resolve("a/b/c"));
        Files.writeString(directories.app(NAME).resolve("a/b/file"), "");
        Files.createDirectories(directories.layers().resolve(NAME.value()).resolve("upper/etc"));
        Files.createDirectories(directories.record(NAME).resolve("tree/upper/etc"));
        Files.writeString(directories.record(NAME).resolve("log"), "");
    }

    @AfterEach
    void close() {
        remover.close();
        faults.close();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(10);
        }
    }

    private void awaitNothingLeft() throws InterruptedException {
        await(() -> !remover.has(NAME));
        assertThat(directories.containers().toFile().list()).containsExactly(".layers");
        assertThat(directories.records()).isEmptyDirectory();
        assertThat(remover.findings()).isEmpty();
    }

    @Test
    void whatIsHandedOverIsOutOfTheWayAtOnceAndGoneSoon() throws Exception {
        remover.handOver(NAME, SHOP);

        assertThat(directories.app(NAME)).doesNotExist();
        assertThat(directories.record(NAME)).doesNotExist();
        assertThat(directories.layers()).isEmptyDirectory();
        awaitNothingLeft();
        assertThat(events).isEmpty();
        remover.handOver(NAME, SHOP);
        awaitNothingLeft();
    }

    @Test
    void whatAKilledDaemonLeftIsRemovedByTheNext() throws Exception {
        Path held = Files.createDirectories(directories.containers().resolve(".removing"));
        Files.move(directories.app(NAME), held.resolve(NAME + ".shop.app"));
        // A mark of one that could not be moved.
        Files.createDirectory(held.resolve(NAME + ".shop.layers"));
        Files.createDirectories(directories.records().resolve(".removing/" + NAME + ".shop.record"));
        Path foreign = Files.createDirectory(held.resolve("of-somebody-else"));

        remover.resume(faults);
        assertThat(remover.has(NAME)).isTrue();
        await(() -> !remover.has(NAME));
        assertThat(held.toFile().list()).containsExactly("of-somebody-else");
        assertThat(directories.layers()).isEmptyDirectory();
        assertThat(directories.records()).isEmptyDirectory();
        Files.delete(foreign);
    }

    @Test
    void whatIsNoDirectoryWhereTheyWaitHoldsUpNothing() throws Exception {
        Path inTheWay = Files.writeString(directories.containers().resolve(".removing"), "");
        Files.createDirectories(directories.records().resolve(".removing/" + NAME + ".shop.record"));

        remover.resume(faults);
        await(() -> !remover.has(NAME));
        assertThat(faults.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.detail())
                        .startsWith(
                                "host: the files of forgotten containers in \"" + inTheWay + "\" cannot be removed: "));
        Files.delete(inTheWay);
        await(() -> faults.findings().isEmpty());
    }

    @Test
    @Tag("kernel")
    void whatCannotBeRemovedIsToldOnceAndTriedAgain() throws Exception {
        String mounted = directories.app(NAME).resolve("a/b/c").toString();
        // This process runs in a mount namespace of its own, scripts/sandbox.
        Linux.mount("tmpfs", mounted, "tmpfs", 0, "");
        try {
            remover.handOver(NAME, SHOP);
            await(() -> !remover.of(SHOP).isEmpty());
            assertThat(remover.of(SHOP))
                    .containsExactly("container \"" + NAME.abbreviated()
                            + "\": its files cannot be removed: \"c\": a file system is mounted on it");
            assertThat(remover.of(new ServiceName("other"))).isEmpty();
            Thread.sleep(1500);
            assertThat(events).hasSize(1);
            assertThat(events.getFirst().type()).isEqualTo(EventType.CONTAINER_FAULT);
            assertThat(events.getFirst().service()).isEqualTo(SHOP);
            assertThat(events.getFirst().container()).contains(NAME);
            assertThat(events.getFirst().details().reason())
                    .contains("its files cannot be removed: \"c\": a file system is mounted on it");
        } finally {
            Linux.umount2(unmoved(), Linux.MNT_DETACH);
        }
        awaitNothingLeft();
    }

    /** Where the mount went with the directory that it is in. */
    private String unmoved() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .map(line -> line.split(" ", -1)[4])
                .filter(path -> path.startsWith(directories.containers().toString()))
                .findFirst()
                .orElseThrow();
    }
}
