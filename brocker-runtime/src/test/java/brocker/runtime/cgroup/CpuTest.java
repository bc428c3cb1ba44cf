package brocker.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a directory that looks like a group; a file that the kernel would have made is made by the test. */
final class CpuTest {
    private final Path group;

    CpuTest(@TempDir Path group) {
        this.group = group;
    }

    private Path file(String name) throws IOException {
        return Files.writeString(group.resolve(name), "");
    }

    private Cpu cpu(int version) {
        return new Cpu(group, group, version);
    }

    @Test
    void weightIsThatOfEachVersion() throws IOException {
        Path weight = file("cpu.weight");
        Path shares = file("cpu.shares");

        cpu(2).weigh(CpuWeight.STARTING);
        cpu(1).weigh(CpuWeight.STARTING);
        assertThat(weight).hasContent("10");
        assertThat(shares).hasContent("102");

        cpu(2).weigh(CpuWeight.USUAL);
        cpu(1).weigh(CpuWeight.USUAL);
        assertThat(weight).hasContent("100");
        assertThat(shares).hasContent("1024");
    }

    @Test
    void whereGroupsCanBeIdleTheWeightIsLeftAlone() throws IOException {
        Path weight = file("cpu.weight");
        Path idle = file("cpu.idle");

        cpu(2).weigh(CpuWeight.STARTING);
        assertThat(idle).hasContent("1");
        cpu(2).weigh(CpuWeight.USUAL);
        assertThat(idle).hasContent("0");
        assertThat(weight).isEmptyFile();
    }
}
