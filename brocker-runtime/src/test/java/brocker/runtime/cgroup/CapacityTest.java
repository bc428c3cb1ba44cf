package brocker.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brocker.spec.BrockerException;
import brocker.spec.ByteSize;
import brocker.spec.CpuList;
import brocker.spec.Cpus;
import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CapacityTest {
    private static final Capacity HOST = Capacity.of(8L << 30, 32768, CpuList.parse("0-1"));

    private static Limits limits(String memory, String cpus, int pids, String cpuset) {
        return new Limits(
                memory.isEmpty() ? Optional.empty() : Optional.of(ByteSize.parse(memory)),
                cpus.isEmpty() ? Optional.empty() : Optional.of(new Cpus(new BigDecimal(cpus))),
                pids,
                cpuset.isEmpty() ? Optional.empty() : Optional.of(CpuList.parse(cpuset)));
    }

    @ParameterizedTest
    @CsvSource({"512m,384m", "1g,768m", "2g,1792m", "8g,7782m", "64g,62259m"})
    void reserveIsATwentiethAtLeast256mAndAtMostAQuarter(String total, String left) {
        assertThat(Capacity.of(ByteSize.parse(total).bytes(), 32768, CpuList.parse("0"))
                        .memory())
                .isEqualTo(ByteSize.parse(left));
    }

    @Test
    void aQuarterOfTheProcessNumbersIsTheHosts() {
        assertThat(HOST.pids()).isEqualTo(24576);
    }

    @Test
    void whatTheHostHasIsAccepted() {
        assertThatCode(() -> HOST.require(limits("7782m", "2", 24576, "0-1"))).doesNotThrowAnyException();
        assertThatCode(() -> HOST.require(limits("", "2.00", 2, "1"))).doesNotThrowAnyException();
        assertThatCode(() -> HOST.require(Limits.DEFAULT)).doesNotThrowAnyException();
    }

    @Test
    void defaultOfASmallHostIsAccepted() {
        Capacity small = Capacity.of(256L << 20, 2048, CpuList.parse("0"));

        assertThat(small.pids()).isEqualTo(1536);
        assertThatCode(() -> small.require(Limits.DEFAULT)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7783m | ''   | 9     | ''  | memory \"7783m\" is more than the 7782m of memory",
                "512g  | ''   | 9     | ''  | memory \"512g\" is more than the 7782m of memory",
                "''    | 2.01 | 9     | ''  | cpus \"2.01\" is more than the 2 processors",
                "''    | ''   | 24577 | ''  | pids \"24577\" is more than the 24576 processes and threads",
                "''    | ''   | 9     | 0,2 | cpuset \"0,2\": this host has no processor 2",
            })
    void moreThanTheHostHasIsRefused(String memory, String cpus, int pids, String cpuset, String message) {
        BrockerException.Invalid refusal = catchThrowableOfType(
                BrockerException.Invalid.class, () -> HOST.require(limits(memory, cpus, pids, cpuset)));

        assertThat(refusal.code()).isEqualTo("beyond-host");
        assertThat(refusal.message()).startsWith(message);
        assertThat(refusal.hint()).isPresent();
    }
}
