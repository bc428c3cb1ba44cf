package brocker.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.kernel.Exit;
import brocker.kernel.Linux;
import brocker.spec.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** File systems that the host has mounted below what a container sees of it. */
@RequiresSandbox
@Timeout(30)
final class SubmountsTest {
    private static final int ROUNDS = 12;

    private final Path directory;
    private final TestHost host;

    SubmountsTest(@TempDir Path directory) {
        this.directory = directory;
        this.host = new TestHost(directory);
    }

    @AfterEach
    void end() throws Exception {
        host.close();
    }

    /** A disk below {@code /opt}, with a set-user-ID program and a file that everybody may write. */
    private static final class Disk implements AutoCloseable {
        private final Path path;

        Disk(Path path) throws IOException {
            this.path = Files.createDirectories(path);
            Linux.mount("disk", path.toString(), "tmpfs", 0, "mode=1777");
            Files.copy(Path.of("/usr/bin/id"), path.resolve("id"));
            Files.setPosixFilePermissions(path.resolve("id"), PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setAttribute(path.resolve("id"), "unix:mode", 04755);
            Files.writeString(path.resolve("file"), "original");
            Files.setPosixFilePermissions(path.resolve("file"), PosixFilePermissions.fromString("rw-rw-rw-"));
        }

        String file() throws IOException {
            return Files.readString(path.resolve("file"));
        }

        @Override
        public void close() throws IOException {
            Linux.umount2(path.toString(), 0);
            Files.delete(path);
        }
    }

    /** What the container writes to its log. */
    private String said(ContainerPlan plan) throws Exception {
        try (RunningContainer container = host.runtime().start(plan)) {
            assertThat(container.exit().get(20, TimeUnit.SECONDS)).isInstanceOf(Exit.Code.class);
        } finally {
            host.runtime().delete(plan.name(), plan.hostEnd());
        }
        Path log = plan.record().resolve("log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private static String attempts(Path disk) {
        return "echo overwritten > " + disk + "/file; grep -F ' " + disk + " ' /proc/self/mounts";
    }

    @Test
    void diskBelowASystemDirectoryIsReadOnly() throws Exception {
        Path path = Path.of("/opt/brocker test " + ProcessHandle.current().pid());
        try (Disk disk = new Disk(path)) {
            Path nested = Files.createDirectory(path.resolve("nested"));
            Linux.mount("nested", nested.toString(), "tmpfs", 0, "mode=1777");
            String quoted = path.toString().replace(" ", "\\ ");
            String said = said(host.plan(
                    "/bin/sh",
                    "-c",
                    "echo overwritten > " + quoted + "/file; echo > " + quoted
                            + "/nested/new; grep nested /proc/self/mounts"));
            assertThat(Files.exists(nested.resolve("new"))).isFalse();
            Linux.umount2(nested.toString(), 0);

            assertThat(disk.file()).isEqualTo("original");
            assertThat(said).contains(" ro,nosuid,nodev,");
        }
    }

    @Test
    void diskThatCameAfterTheSpareSandboxWasMadeIsSeenAndReadOnly() throws Exception {
        Path path = Path.of("/opt/brocker-test-" + ProcessHandle.current().pid());
        said(host.plan("/bin/true"));
        TimeUnit.MILLISECONDS.sleep(200);
        try (Disk disk = new Disk(path)) {
            String said = said(host.plan("/bin/sh", "-c", attempts(path)));

            assertThat(disk.file()).isEqualTo("original");
            assertThat(said).contains(path + " tmpfs ro,nosuid,nodev,");
        }
    }

    /** In whatever moment of a start a disk comes: it is not seen, or read-only. */
    @Test
    void diskThatComesDuringAStartIsNeverWritable() throws Exception {
        Path path = Path.of("/opt/brocker-test-" + ProcessHandle.current().pid());
        Linux.mount("", "/", "", Linux.MS_REC | Linux.MS_SHARED, "");
        try {
            for (int round = 0; round < ROUNDS; round++) {
                host.runtime().warmUp();
                TimeUnit.MILLISECONDS.sleep(100);
                long pause = round * 500_000L;
                ContainerPlan plan = host.plan("/bin/sh", "-c", "sleep 0.05; " + attempts(path));
                Disk[] disk = new Disk[1];
                Thread mounter = Thread.ofPlatform().start(() -> {
                    try {
                        TimeUnit.NANOSECONDS.sleep(pause);
                        disk[0] = new Disk(path);
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                String said = said(plan);
                mounter.join();
                try (Disk made = disk[0]) {
                    assertThat(made.file()).as("round %d: %s", round, said).isEqualTo("original");
                    assertThat(said).doesNotContain(path + " tmpfs rw,");
                }
            }
        } finally {
            Linux.mount("", "/", "", Linux.MS_REC | Linux.MS_PRIVATE, "");
        }
    }

    @Test
    void whatIsBelowAMountOfTheUsersHasItsRestrictions() throws Exception {
        Path source = Files.createDirectory(directory.resolve("source"));
        Path below = source.resolve("below");
        try (Disk disk = new Disk(below)) {
            for (boolean readOnly : List.of(false, true)) {
                for (boolean keepOwners : List.of(false, true)) {
                    Mount mount = new Mount(source.toString(), "/mnt/data", readOnly);
                    String said = said(
                            host.withMounts(
                                    List.of(mount),
                                    keepOwners,
                                    "/bin/sh",
                                    "-c",
                                    "ls -l /mnt/data/below/id; "
                                            + "echo overwritten > /mnt/data/below/file; grep ' /mnt/data/below ' /proc/self/mounts"));

                    assertThat(said).contains("-rwsr-xr-x");
                    assertThat(said).contains(" tmpfs " + (readOnly ? "ro" : "rw") + ",nosuid,nodev,");
                    assertThat(disk.file()).isEqualTo(readOnly ? "original" : "overwritten\n");
                    Files.writeString(below.resolve("file"), "original");
                }
            }
        }
    }
}
