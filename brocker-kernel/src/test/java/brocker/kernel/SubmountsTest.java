package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SubmountsTest {
    private static final String STRANGE = "a \\ b\nä";
    private static final long FLAGS = Linux.MS_RDONLY | Linux.MS_NOSUID | Linux.MS_NODEV;

    @Test
    void mountsBelowADirectoryAreFoundByTheirUnescapedPath() {
        List<String> mountinfo = List.of(
                "21 1 8:1 / / rw - ext4 /dev/a rw",
                "22 21 8:2 / /usr ro,nodev shared:1 - ext4 /dev/b rw",
                "23 22 8:3 / /usr/a\\040\\134\\012 rw,relatime - ext4 /dev/c rw",
                "24 21 8:4 / /usr2 rw - ext4 /dev/d rw");

        assertThat(Submounts.reachable(mountinfo, Path.of("/usr")))
                .containsExactly(entry("/usr", "ro,nodev"), entry("/usr/a \\\n", "rw,relatime"));
        assertThat(Submounts.reachable(mountinfo, Path.of("/"))).hasSize(4);
    }

    @Test
    void coveredMountIsNotReached() {
        List<String> mountinfo = List.of(
                "22 21 0:2 / /m rw - autofs a rw",
                "23 22 0:3 / /m/x/y rw - tmpfs a rw",
                "24 22 0:4 / /m rw,noexec - tmpfs b rw",
                "25 24 0:5 / /m/x ro - tmpfs c rw");

        assertThat(Submounts.reachable(mountinfo, Path.of("/m")))
                .containsExactly(entry("/m", "rw,noexec"), entry("/m/x", "ro"));
    }

    @Test
    @Tag("kernel")
    void everyMountBelowIsRestricted(@TempDir Path directory) throws Exception {
        assertRestricted(directory, Submounts::restrict);
    }

    @Test
    @Tag("kernel")
    void everyMountBelowIsRestrictedWithoutMountSetattr(@TempDir Path directory) throws Exception {
        assertRestricted(directory, Submounts::restrictEach);
    }

    private static void assertRestricted(Path directory, BiConsumer<Path, Long> restrict) throws Exception {
        Path top = Files.createDirectory(directory.resolve("top"));
        List<String> mounts = InNamespaces.call("mounter", () -> {
            Linux.unshare(Linux.CLONE_NEWNS);
            Linux.mount("", "/", "", Linux.MS_REC | Linux.MS_PRIVATE, "");
            Linux.mount("tmpfs", top.toString(), "tmpfs", 0, "");
            Path strange = Files.createDirectory(top.resolve(STRANGE));
            Linux.mount("tmpfs", strange.toString(), "tmpfs", Linux.MS_NOEXEC | Linux.MS_NOATIME, "");
            Path covered = Files.createDirectories(strange.resolve("deep/er"));
            Linux.mount("tmpfs", covered.toString(), "tmpfs", 0, "");
            Linux.mount("tmpfs", covered.resolveSibling("").toString(), "tmpfs", Linux.MS_NOEXEC, "");
            restrict.accept(top, FLAGS);
            return Files.readAllLines(Path.of("/proc/thread-self/mountinfo"), StandardCharsets.ISO_8859_1).stream()
                    .map(line -> line.split(" ", 7))
                    .filter(fields -> fields[4].startsWith(top.toString()) && !fields[4].endsWith("/er"))
                    .map(fields -> fields[5])
                    .toList();
        });
        assertThat(mounts)
                .containsExactly(
                        "ro,nosuid,nodev,relatime",
                        "ro,nosuid,nodev,noexec,noatime",
                        "ro,nosuid,nodev,noexec,relatime");
    }

    @Test
    @Tag("kernel")
    void mountEventsAreThoseOfTheProcess(@TempDir Path directory) {
        try (MountEvents events = MountEvents.watch()) {
            assertThat(events.occurred()).isFalse();
            InNamespaces.call("mounter", () -> {
                Linux.unshare(Linux.CLONE_NEWNS);
                Linux.mount("", "/", "", Linux.MS_REC | Linux.MS_PRIVATE, "");
                Linux.mount("tmpfs", directory.toString(), "tmpfs", 0, "");
                return true;
            });
            assertThat(events.occurred()).as("in another namespace").isFalse();
            Linux.mount("tmpfs", directory.toString(), "tmpfs", 0, "");
            Linux.umount2(directory.toString(), 0);
            assertThat(events.occurred()).isTrue();
            assertThat(events.occurred()).as("since then").isFalse();
        }
    }
}
