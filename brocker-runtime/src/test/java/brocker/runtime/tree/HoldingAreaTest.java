package brocker.runtime.tree;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.kernel.Directory;
import brocker.kernel.FileName;
import brocker.kernel.InNamespaces;
import brocker.kernel.Linux;
import brocker.runtime.RequiresSandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Directories as hostile or careless containers leave them. */
@RequiresSandbox
@Timeout(120)
final class HoldingAreaTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String ENTRY = "name.service.app";

    private final Path parent;
    private final Path tree;
    private final HoldingArea area;

    HoldingAreaTest(@TempDir Path directory) {
        this.parent = directory.resolve("containers");
        this.tree = parent.resolve("name");
        this.area = new HoldingArea(parent);
    }

    @BeforeEach
    void make() throws IOException {
        Files.createDirectories(tree);
    }

    private Removal removal(Duration longest) {
        assertThat(area.take(parent, "name", ENTRY)).isEmpty();
        assertThat(tree).doesNotExist();
        return area.remove(ENTRY, parent, "name", longest);
    }

    private Removal attempt() {
        return area.remove(ENTRY, parent, "name", LONG);
    }

    private void assertNothingLeft() {
        assertThat(area.entries()).isEmpty();
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void emptyAreaOfAKilledDaemonIsRemovedWhenItIsFound() throws IOException {
        Files.delete(tree);
        Files.createDirectory(parent.resolve(".removing"));

        assertThat(area.entries()).isEmpty();
        assertThat(parent).isEmptyDirectory();
    }

    /** A chain of directories, which no path reaches. */
    private void makeChain(Path top, int levels, FileName name) {
        Directory directory = Directory.open(top);
        for (int i = 0; i < levels; i++) {
            directory.make(name, 0755);
            directory.create(FileName.of("file"), 0600).close();
            Directory below = directory.open(name);
            directory.close();
            directory = below;
        }
        directory.close();
    }

    @Test
    void namesThatMakeAPathTooLongAreRemoved() {
        makeChain(tree, 400, FileName.of("n".repeat(200)));

        assertThat(removal(LONG)).isEqualTo(new Removal.Gone());
        assertNothingLeft();
    }

    @Test
    void depthTakesNeitherDescriptorsNorStack() {
        makeChain(tree, 30_000, FileName.of("d"));
        AtomicLong most = new AtomicLong();
        AtomicBoolean done = new AtomicBoolean();
        long before = descriptors();
        Thread counter = Thread.ofPlatform().start(() -> {
            while (!done.get()) {
                most.accumulateAndGet(descriptors(), Math::max);
            }
        });

        assertThat(removal(LONG)).isEqualTo(new Removal.Gone());
        done.set(true);
        assertThat(counter).satisfies(Thread::join);
        assertThat(most.get()).isBetween(before, before + 20);
        assertNothingLeft();
    }

    private static long descriptors() {
        String[] open = Path.of("/proc/self/fd").toFile().list();
        return open == null ? 0 : open.length;
    }

    @Test
    void aHundredThousandFilesInOneDirectoryAreRemoved() {
        try (Directory directory = Directory.open(tree)) {
            for (int i = 0; i < 100_000; i++) {
                directory.create(FileName.of("file-" + i), 0600).close();
            }
        }

        assertThat(removal(LONG)).isEqualTo(new Removal.Gone());
        assertNothingLeft();
    }

    @Test
    void namesInNoEncodingAreRemoved() {
        byte[] latin1 = "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
        try (Directory directory = Directory.open(tree)) {
            directory.create(FileName.of(latin1), 0600).close();
            directory.make(FileName.of(new byte[] {(byte) 0xff, '\n', (byte) 0xfe}), 0700);
        }

        assertThat(removal(LONG)).isEqualTo(new Removal.Gone());
        assertNothingLeft();
    }

    @Test
    void linksPipesAndClosedDirectoriesAreRemovedAndLeadNowhere(@TempDir Path outside) throws Exception {
        Files.writeString(outside.resolve("file"), "of the host");
        Files.createSymbolicLink(tree.resolve("link"), outside);
        Files.createSymbolicLink(tree.resolve("dangling"), Path.of("/nowhere"));
        Files.createLink(tree.resolve("hard"), outside.resolve("file"));
        assertThat(new ProcessBuilder("mkfifo", tree.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        Path closed = Files.createDirectories(tree.resolve("closed/inner"));
        Files.writeString(closed.resolve("file"), "");
        try (Directory directory = Directory.open(tree.resolve("closed"))) {
            directory.own(12345, 12345);
            directory.permit(0);
        }

        assertThat(removal(LONG)).isEqualTo(new Removal.Gone());
        assertThat(outside.resolve("file")).hasContent("of the host");
        assertNothingLeft();
    }

    @Test
    void aDirectoryThatIsExchangedForALinkLeadsNowhere(@TempDir Path outside) throws Exception {
        int files = 3000;
        Path victim = Files.createDirectory(outside.resolve("victim"));
        for (int i = 0; i < files; i++) {
            Files.createFile(victim.resolve("file-" + i));
        }
        Files.createDirectory(tree.resolve("d"));
        for (int i = 0; i < files; i++) {
            Files.createFile(tree.resolve("d/file-" + i));
        }
        for (int i = 0; i < 300; i++) {
            Files.createDirectories(tree.resolve("d/" + i));
            for (int j = 0; j < 20; j++) {
                Files.createFile(tree.resolve("d/" + i + "/file-" + j));
            }
        }
        Files.createSymbolicLink(tree.resolve("link"), victim);
        Process attacker = Exchanger.start(tree, "d", "link");
        try {
            Removal removal = removal(LONG);
            for (int i = 0; i < 20 && !(removal instanceof Removal.Gone); i++) {
                removal = attempt();
            }
            assertThat(removal).isEqualTo(new Removal.Gone());
        } finally {
            Exchanger.end(attacker);
        }
        try (Stream<Path> left = Files.list(victim)) {
            assertThat(left).hasSize(files);
        }
        assertNothingLeft();
    }

    @Test
    void aMountIsLeftAndNamedAndGoesWhenItIsUnmounted() throws Exception {
        Path mounted = Files.createDirectories(tree.resolve("a/b/disk"));
        Files.writeString(tree.resolve("a/file"), "");
        InNamespaces.call("mounter", () -> {
            Linux.unshare(Linux.CLONE_NEWNS);
            Linux.mount("", "/", "", Linux.MS_REC | Linux.MS_PRIVATE, "");
            Linux.mount("tmpfs", mounted.toString(), "tmpfs", 0, "");
            Files.writeString(mounted.resolve("precious"), "of the disk");
            assertThat(area.take(parent, "name", ENTRY)).isEmpty();

            assertThat(attempt()).isEqualTo(new Removal.Stuck("\"disk\": a file system is mounted on it"));
            assertThat(area.entries()).containsExactly(ENTRY);
            try (Stream<Path> left = Files.walk(parent)) {
                assertThat(left.map(path -> path.getFileName().toString()))
                        .contains("precious")
                        .doesNotContain("file");
            }
            return true;
        });
        // Outside of that namespace nothing is mounted.
        assertThat(attempt()).isEqualTo(new Removal.Gone());
        assertNothingLeft();
    }

    @Test
    void aDirectoryThatIsItselfAMountIsMarkedAndRemovedLater() {
        InNamespaces.call("mounter", () -> {
            Linux.unshare(Linux.CLONE_NEWNS);
            Linux.mount("", "/", "", Linux.MS_REC | Linux.MS_PRIVATE, "");
            Linux.mount("tmpfs", tree.toString(), "tmpfs", 0, "");

            assertThat(area.take(parent, "name", ENTRY)).contains("\"name\": a file system is mounted on it");
            assertThat(area.entries()).containsExactly(ENTRY);
            assertThat(attempt()).isEqualTo(new Removal.Stuck("\"name\": a file system is mounted on it"));
            assertThat(area.entries()).containsExactly(ENTRY);
            return true;
        });
        assertThat(attempt()).isEqualTo(new Removal.Gone());
        assertNothingLeft();
    }

    @Test
    void whoeverKeepsMakingFilesHoldsNobodyUp() throws Exception {
        try (Directory directory = Directory.open(tree)) {
            for (int i = 0; i < 50_000; i++) {
                directory.create(FileName.of("before-" + i), 0600).close();
            }
        }
        Process attacker = Exchanger.fill(tree);
        try {
            long begin = System.nanoTime();
            assertThat(removal(Duration.ofMillis(20))).isEqualTo(new Removal.Unfinished());
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        } finally {
            Exchanger.end(attacker);
        }
        assertThat(attempt()).isEqualTo(new Removal.Gone());
        assertNothingLeft();
    }

    @Test
    void immutableFilesAreLeftAndNamed() throws Exception {
        Path immutable =
                Files.writeString(Files.createDirectory(tree.resolve("d")).resolve("stone"), "");
        assertThat(new ProcessBuilder("chattr", "+i", immutable.toString())
                        .start()
                        .waitFor())
                .as("chattr +i")
                .isZero();

        assertThat(removal(LONG))
                .isInstanceOfSatisfying(
                        Removal.Stuck.class,
                        stuck -> assertThat(stuck.reason()).startsWith("\"stone\": the file system refuses it"));
        Path left;
        try (Stream<Path> all = Files.walk(parent)) {
            left = all.filter(path -> path.endsWith("stone")).findFirst().orElseThrow();
        }
        assertThat(new ProcessBuilder("chattr", "-i", left.toString()).start().waitFor())
                .isZero();
        assertThat(attempt()).isEqualTo(new Removal.Gone());
        assertNothingLeft();
    }

    @Test
    void whatIsNotThereIsRemoved() {
        assertThat(area.take(parent, "none", "none.service.app")).isEmpty();
        assertThat(area.remove("none.service.app", parent, "none", LONG)).isEqualTo(new Removal.Gone());
        assertThat(parent.toFile().list()).containsExactly("name");
    }
}
