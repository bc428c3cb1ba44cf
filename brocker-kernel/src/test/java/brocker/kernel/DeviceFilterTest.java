package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a group of version 2, wherever this host has mounted it. */
@Tag("kernel")
final class DeviceFilterTest {
    private final Path group =
            mounted().resolve("brocker-device-filter-" + ProcessHandle.current().pid());

    private static Path mounted() {
        try {
            return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                    .map(line -> line.split(" ", -1))
                    .filter(fields -> fields[2].equals("cgroup2"))
                    .map(fields -> Path.of(fields[1]))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void makeGroup() throws IOException {
        Files.createDirectory(group);
    }

    /** A group is busy until its last process is gone. */
    @AfterEach
    void removeGroup() throws Exception {
        for (int attempt = 0; Files.exists(group); attempt++) {
            try {
                Files.delete(group);
            } catch (FileSystemException e) {
                assertThat(attempt).as(e.getMessage()).isLessThan(200);
                Thread.sleep(10);
            }
        }
    }

    private void attach(Device... devices) {
        try (Fd directory = Linux.open(group.toString(), Linux.O_RDONLY, 0);
                DeviceFilter filter = DeviceFilter.load(List.of(devices))) {
            filter.attach(directory);
        }
    }

    private boolean isAttached() {
        try (Fd directory = Linux.open(group.toString(), Linux.O_RDONLY, 0)) {
            return DeviceFilter.isAttached(directory);
        }
    }

    /** Whether a shell in the group can do this. */
    private boolean inside(String script) throws Exception {
        return new ProcessBuilder("/bin/sh", "-c", "echo 0 >" + group + "/cgroup.procs && " + script)
                        .redirectErrorStream(true)
                        .start()
                        .waitFor()
                == 0;
    }

    @Test
    void whatIsNotAllowedIsRefused() throws Exception {
        assertThat(inside("exec 3</dev/null 4</dev/zero")).isTrue();
        attach(Device.NULL, Device.PTS);

        assertThat(inside("exec 3</dev/null")).isTrue();
        assertThat(inside("exec 3</dev/zero")).isFalse();
        assertThat(inside("exec 3</dev/full")).isFalse();
    }

    @Test
    void theNextFilterTakesThePlaceOfTheFirst() throws Exception {
        assertThat(isAttached()).isFalse();
        attach(Device.NULL);
        assertThat(isAttached()).isTrue();
        attach(Device.NULL, Device.ZERO, Device.FULL);

        assertThat(inside("exec 3</dev/zero 4</dev/full")).isTrue();
        attach(Device.FULL);
        assertThat(inside("exec 3</dev/full")).isTrue();
        assertThat(inside("exec 3</dev/null")).isFalse();
    }

    @Test
    void nodesAreNotMadeEither(@TempDir Path directory) throws Exception {
        attach(Device.NULL, Device.ZERO);

        assertThat(inside("mknod " + directory + "/zero c 1 5")).isTrue();
        assertThat(inside("mknod " + directory + "/kmsg c 1 11")).isFalse();
        assertThat(inside("mknod " + directory + "/disk b 1 5")).isFalse();
        assertThat(inside("mkfifo " + directory + "/fifo")).isTrue();
    }

    @Test
    void aDirectoryThatIsNoGroupIsRefused(@TempDir Path directory) {
        try (Fd fd = Linux.open(directory.toString(), Linux.O_RDONLY, 0);
                DeviceFilter filter = DeviceFilter.load(List.of())) {
            assertThatThrownBy(() -> filter.attach(fd))
                    .isInstanceOf(KernelException.class)
                    .hasMessageStartingWith("bpf(\"BPF_PROG_ATTACH\"): E");
        }
    }
}
