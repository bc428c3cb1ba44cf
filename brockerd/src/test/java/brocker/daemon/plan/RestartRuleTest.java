package brocker.daemon.plan;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.ContainerRecord.Asked;
import brocker.daemon.record.ContainerRecord.Restarts;
import brocker.kernel.ProcessIdentity;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.json.Json;
import brocker.spec.wire.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartRuleTest {
    private static final Instant CREATED = Instant.parse("2026-11-23T19:25:26Z");
    private static final String BOOT = "this boot";

    private static ContainerRecord ended(Role role, String policy, int code, Duration lived, Restarts restarts) {
        ContainerSpec spec = Json.read(
                "test",
                "{\"service-name\":\"shop\",\"command\":\"x\",\"restart\":\"" + policy + "\"}",
                ContainerSpec.class);
        return ContainerRecord.intended(ContainerName.of(CREATED, spec.command()), role, 0, spec, 3, 1, CREATED)
                .again(3, restarts)
                .started(new ContainerRecord.Start(new ProcessIdentity(7, 7), BOOT, CREATED))
                .ended(new ContainerRecord.End(CREATED.plus(lived), code, "", 0));
    }

    private static Optional<Duration> pause(ContainerRecord record) {
        return new RestartRule(record, BOOT).pause();
    }

    @ParameterizedTest
    @CsvSource({
        "no,           0, -",
        "no,           1, -",
        "on-failure,   0, -",
        "on-failure,   1, PT1S",
        "on-failure:3, 1, PT1S",
        "always,       0, PT1S",
        "always,     137, PT1S"
    })
    void policyAndExitCodeDecide(String policy, int code, String pause) {
        ContainerRecord record = ended(Role.APPLICATION, policy, code, Duration.ofSeconds(1), Restarts.NONE);

        assertThat(pause(record).map(Duration::toString).orElse("-")).isEqualTo(pause);
    }

    @Test
    void whatBrockerStartedIsReplacedInstead() {
        assertThat(pause(ended(Role.REPLICA, "always", 1, Duration.ZERO, Restarts.NONE)))
                .isEmpty();
        assertThat(pause(ended(Role.PROXY, "always", 1, Duration.ZERO, Restarts.NONE)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "2, 4", "5, 32", "6, 60", "7, 60", "2000000000, 60"})
    void thePauseDoublesUpToAMinute(int inRow, long seconds) {
        ContainerRecord record =
                ended(Role.APPLICATION, "always", 1, Duration.ofMillis(9_999), new Restarts(inRow, inRow));

        assertThat(pause(record)).contains(Duration.ofSeconds(seconds));
        assertThat(new RestartRule(record, BOOT).next().inRow()).isEqualTo(inRow + 1);
    }

    @Test
    void tenSecondsOfLifeBeginItAnew() {
        ContainerRecord record = ended(Role.APPLICATION, "on-failure:3", 1, Duration.ofSeconds(10), new Restarts(8, 3));

        assertThat(pause(record)).contains(Duration.ofSeconds(1));
        assertThat(new RestartRule(record, BOOT).next()).isEqualTo(new Restarts(9, 1));
    }

    @Test
    void afterSoManyFailuresItIsGivenUp() {
        RestartRule last = new RestartRule(
                ended(Role.APPLICATION, "on-failure:3", 1, Duration.ofSeconds(1), new Restarts(8, 2)), BOOT);
        RestartRule given = new RestartRule(
                ended(Role.APPLICATION, "on-failure:3", 1, Duration.ofSeconds(1), new Restarts(9, 3)), BOOT);

        assertThat(last.exhausted()).isFalse();
        assertThat(last.pause()).isPresent();
        assertThat(given.exhausted()).isTrue();
        assertThat(given.pause()).isEmpty();
    }

    @Test
    void whatWasAskedComesBeforeThePolicy() {
        ContainerRecord always = ended(Role.APPLICATION, "always", 1, Duration.ofSeconds(1), new Restarts(3, 3));
        ContainerRecord never = ended(Role.REPLICA, "no", 0, Duration.ofSeconds(1), new Restarts(3, 3));

        assertThat(pause(always.asked(Asked.STOP))).isEmpty();
        assertThat(pause(never.asked(Asked.RESTART))).contains(Duration.ZERO);
        assertThat(new RestartRule(never.asked(Asked.RESTART), BOOT).next()).isEqualTo(new Restarts(4, 0));
    }

    @Test
    void afterTheHostWasRestartedOnlyAlwaysComesBack() {
        ContainerRecord always = ended(Role.APPLICATION, "always", 137, Duration.ofSeconds(1), Restarts.NONE);
        ContainerRecord onFailure = ended(Role.APPLICATION, "on-failure", 137, Duration.ofSeconds(1), Restarts.NONE);

        assertThat(new RestartRule(always, "next boot").pause()).isPresent();
        assertThat(new RestartRule(onFailure, "next boot").pause()).isEmpty();
        assertThat(new RestartRule(onFailure, "next boot").exhausted()).isFalse();
    }

    @Test
    void oneThatCouldNotBeStartedHasFailed() {
        ContainerRecord record = ended(Role.APPLICATION, "on-failure:2", 1, Duration.ZERO, Restarts.NONE)
                .again(3, new Restarts(1, 1))
                .ended(ContainerRecord.End.notStarted("no such file"));

        assertThat(pause(record)).contains(Duration.ofSeconds(2));
    }
}
