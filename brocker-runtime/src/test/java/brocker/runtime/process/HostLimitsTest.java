package brocker.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brocker.spec.BrockerException;
import brocker.spec.ProcessSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HostLimitsTest {
    private static final Map<Resource, Long> SMALL = Map.of(
            Resource.NOFILE, 20000L, Resource.CORE, 0L, Resource.NPROC, Resource.UNLIMITED, Resource.SIGPENDING, 7L);

    private static ProcessSettings files(int number) {
        return new ProcessSettings(Optional.of(number), Optional.empty());
    }

    private static ResourceLimit limit(HostLimits host, ProcessSettings settings, Resource resource) {
        return host.processLimits(settings).limits().stream()
                .filter(limit -> limit.resource() == resource.number())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void hardLimitsAreReadFromProc() {
        assertThat(HostLimits.parse(List.of(
                        "Limit                     Soft Limit           Hard Limit           Units     ",
                        "Max cpu time              unlimited            unlimited            seconds   ",
                        "Max core file size        0                    unlimited            bytes     ",
                        "Max open files            1024                 20000                files     ",
                        "Max nice priority         0                    40                   ",
                        "Max of a newer kernel     1                    2                    things    ")))
                .isEqualTo(Map.of(
                        Resource.CPU,
                        Resource.UNLIMITED,
                        Resource.CORE,
                        Resource.UNLIMITED,
                        Resource.NOFILE,
                        20000L,
                        Resource.NICE,
                        40L));
        assertThat(HostLimits.read().hard()).hasSize(Resource.values().length);
    }

    @Test
    void defaultsDoNotDependOnWhatTheDaemonHas() {
        HostLimits host = new HostLimits(SMALL, 1 << 20, true);

        assertThat(host.processLimits(ProcessSettings.DEFAULT).limits()).hasSize(16);
        assertThat(limit(host, ProcessSettings.DEFAULT, Resource.NOFILE)).isEqualTo(new ResourceLimit(7, 65536, 65536));
        assertThat(limit(host, ProcessSettings.DEFAULT, Resource.STACK)).isEqualTo(new ResourceLimit(3, 8 << 20, -1));
        assertThat(limit(host, ProcessSettings.DEFAULT, Resource.CORE)).isEqualTo(new ResourceLimit(4, 0, -1));
        assertThat(limit(host, ProcessSettings.DEFAULT, Resource.AS)).isEqualTo(new ResourceLimit(9, -1, -1));
    }

    @Test
    void lessIsGivenWhereTheHostHasLess() {
        HostLimits host = new HostLimits(SMALL, 1 << 20, false);

        assertThat(limit(host, ProcessSettings.DEFAULT, Resource.NOFILE)).isEqualTo(new ResourceLimit(7, 20000, 20000));
        assertThat(limit(host, ProcessSettings.DEFAULT, Resource.CORE)).isEqualTo(new ResourceLimit(4, 0, 0));
        assertThat(limit(host, ProcessSettings.DEFAULT, Resource.SIGPENDING)).isEqualTo(new ResourceLimit(11, 7, 7));
        assertThat(limit(new HostLimits(SMALL, 30000, true), ProcessSettings.DEFAULT, Resource.NOFILE))
                .isEqualTo(new ResourceLimit(7, 30000, 30000));
    }

    @Test
    void writtenNumberOfFilesIsBothLimits() {
        HostLimits host = new HostLimits(SMALL, 1 << 20, true);

        assertThat(limit(host, files(100), Resource.NOFILE)).isEqualTo(new ResourceLimit(7, 100, 100));
        assertThat(limit(host, files(1 << 20), Resource.NOFILE)).isEqualTo(new ResourceLimit(7, 1 << 20, 1 << 20));
    }

    @Test
    void moreThanTheHostAllowsIsRefused() {
        BrockerException refusal = catchThrowableOfType(
                BrockerException.Invalid.class, () -> new HostLimits(SMALL, 1 << 20, false).require(files(20001)));
        BrockerException kernel = catchThrowableOfType(
                BrockerException.Invalid.class,
                () -> new HostLimits(SMALL, 1 << 20, true).processLimits(files((1 << 20) + 1)));

        assertThat(refusal.code()).isEqualTo("beyond-host");
        assertThat(refusal.message())
                .isEqualTo("nofile \"20001\" is more than the 20000 open files that brockerd may allow on this host");
        assertThat(refusal.hint().orElseThrow()).contains("LimitNOFILE=").contains("CAP_SYS_RESOURCE");
        assertThat(kernel.hint().orElseThrow()).contains("fs.nr_open");
    }

    @Test
    void ordersHaveNumbersWithoutASign() {
        ProcessLimits limits = new ProcessLimits(List.of(new ResourceLimit(3, 5, -1)), Optional.of(-500));
        Orders orders = new Orders();
        limits.order(orders);

        assertThat(new String(orders.bytes(), java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("rlimit\0003\0005\00018446744073709551615\0oom-score-adj\000-500\0");
    }
}
