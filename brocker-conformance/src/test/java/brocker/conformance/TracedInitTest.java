package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A container with the host's user ids, CAP_SYS_PTRACE and no filter of system calls can trace PID 1 and every command that enters. It
 * gains nothing by it.
 */
class TracedInitTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static final String[] TRACER = {
        "\"user-namespace\": false", "\"seccomp\": \"unconfined\"", "\"capabilities\": {\"add\": [\"SYS_PTRACE\"]}"
    };

    private static final Process VICTIM = Probe.hold();

    private static String tracer = "";

    @BeforeAll
    static void run() {
        BROCKERD.addService("{\"name\": \"tracers\", \"bridge-ip\": \"10.77.48.1\"}");
        tracer = BROCKERD.runProbe("tracers", "hold", TRACER);
    }

    @AfterAll
    static void end() {
        VICTIM.destroyForcibly();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "getuid",
                "socket",
                "execve",
                "mount",
                "setns",
                "openat",
                "openat-absolute",
                "mknodat",
                "ptrace",
                "prctl"
            })
    void tracedPidOneMakesNoCallThatItDoesNotNeed(String call) {
        if (!call.startsWith("openat")) { // the descriptor is PID 1's
            assertThat(Probe.outside("traced", String.valueOf(VICTIM.pid()), call))
                    .isEqualTo("allowed");
        }

        assertThat(Probe.inside(BROCKERD, tracer, "traced", "1", call)).isEqualTo("refused EPERM");
        assertThat(BROCKERD.view(tracer).path("state").asString()).isEqualTo("running");
    }

    @Test
    void pidOneHasNoRightsToGive() {
        List<String> status =
                Host.lines(Path.of("/proc/" + BROCKERD.view(tracer).path("pid").asLong() + "/status"));

        assertThat(status)
                .contains(
                        "CapPrm:\t0000000000000020",
                        "CapEff:\t0000000000000020",
                        "CapBnd:\t0000000000000000",
                        "CapInh:\t0000000000000000",
                        "CapAmb:\t0000000000000000",
                        "NoNewPrivs:\t1",
                        "Seccomp:\t2");
    }

    /** The record directory lies in the host's tree, which {@code ..} would open. */
    @Test
    void descriptorsOfPidOneLeadNowhere() {
        assertThat(Probe.inside(BROCKERD, tracer, "stolen", "1", "7")).isEqualTo("refused EXDEV");
        assertThat(BROCKERD.client(
                                "container",
                                "exec",
                                tracer,
                                "/bin/sh",
                                "-c",
                                "ls /proc/1/fd/7/.. && cat /proc/1/fd/7/log")
                        .succeeded()
                        .stdout())
                .contains("exit.next\nlog\n", "ready");
    }

    @Test
    void commandThatEntersNeverHasMoreRightsThanTheContainer() {
        String name = BROCKERD.runProbe("tracers", "newcomers", TRACER);
        Await.until(
                "it watches",
                Duration.ofSeconds(10),
                () -> BROCKERD.client("container", "logs", name).stdout().contains("ready"));
        for (int i = 0; i < 6; i++) {
            BROCKERD.client("container", "exec", name, "/bin/true").succeeded();
        }
        BROCKERD.client("container", "stop", name).succeeded();

        assertThat(BROCKERD.awaitExit(name)).isZero();
        assertThat(BROCKERD.client("container", "logs", name).succeeded().stdout())
                .matches("ready\nrefused EPERM [1-9]\\d*\n");
    }

    /** Without the host's user ids no process inside can trace it. */
    @Test
    void inAUserNamespaceOfItsOwnPidOneIsNotTraced() {
        String name = BROCKERD.runProbe("tracers", "hold", TRACER[1], TRACER[2]);

        assertThat(Probe.inside(BROCKERD, name, "traced", "1", "getuid")).isEqualTo("refused EPERM");
        assertThat(Probe.inside(BROCKERD, name, "stolen", "1", "7")).isEqualTo("refused EPERM");
    }
}
