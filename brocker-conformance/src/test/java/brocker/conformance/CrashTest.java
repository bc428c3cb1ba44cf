package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The daemon is killed, at every step that has a name and at moments that have none; the next one knows the truth again. */
class CrashTest {
    private static final Path STEPS = Path.of("../brocker-runtime/src/main/java/brocker/runtime/Step.java");
    private static final int FEWEST_STEPS = 43;
    private static final String RECOVERY = "RECOVERY_";
    private static final int MOMENTS = Integer.getInteger("brocker.moments", 60);

    /** A little longer than a whole day takes. */
    private static final int LONGEST_MILLIS = 2500;

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    /** A step for the first time, which is mostly the proxy's, and those of a container's start for an application as well. */
    static Stream<String> steps() {
        List<String> names = names();
        return names.stream()
                .filter(name -> !name.startsWith(RECOVERY))
                .flatMap(name -> ofStart(name, names) ? Stream.of(name + ":1", name + ":3") : Stream.of(name + ":1"));
    }

    /** What a daemon does when it starts; there are enough of them in a day's middle to be killed at the second container as well. */
    static Stream<String> recoverySteps() {
        return names().stream()
                .filter(name -> name.startsWith(RECOVERY))
                .flatMap(name -> name.equals(RECOVERY + "CONTAINER_FOUND")
                        ? Stream.of(name + ":1", name + ":2")
                        : Stream.of(name + ":1"));
    }

    private static List<String> names() {
        List<String> names = Host.lines(STEPS).stream()
                .map(String::strip)
                .filter(line -> line.matches("[A-Z]+(_[A-Z]+)+[,;]"))
                .map(line -> line.substring(0, line.length() - 1))
                // In a day no ingress is made and no nginx upgraded: IngressCrashTest, NginxUpgradeTest.
                .filter(name -> !name.startsWith("INGRESS_") && !name.startsWith("UPGRADE_"))
                .toList();
        assertThat(names).hasSizeGreaterThanOrEqualTo(FEWEST_STEPS);
        return names;
    }

    private static boolean ofStart(String name, List<String> names) {
        int index = names.indexOf(name);
        return index >= names.indexOf("CONTAINER_NOTED") && index <= names.indexOf("READY_NOTED");
    }

    @AfterEach
    void cleanUp() {
        if (BROCKERD.endsWithin(Duration.ZERO)) {
            BROCKERD.start();
        }
        new Day(BROCKERD).end();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void killedAtAStep(String step) {
        BROCKERD.stop();
        BROCKERD.start("-Dbrocker.die-at=" + step);
        Day day = new Day(BROCKERD);
        boolean died = false;
        try {
            day.live();
        } catch (Day.Died _) {
            died = true;
        }
        // The last steps of a day may come after the last answer.
        died |= BROCKERD.endsWithin(died ? Duration.ofSeconds(5) : Duration.ofSeconds(1));
        assertThat(died).as("the step was reached").isTrue();
        BROCKERD.start();
        day.assertRepaired();
        day.end();
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    /** The first daemon leaves a container half made; the second dies at a step of its start; the third has to repair both. */
    @ParameterizedTest
    @MethodSource("recoverySteps")
    void killedAgainWhileItRepairs(String step) {
        BROCKERD.stop();
        BROCKERD.start("-Dbrocker.die-at=INIT_SPAWNED:4");
        Day day = new Day(BROCKERD);
        assertThatThrownBy(day::live).isInstanceOf(Day.Died.class);
        assertThat(BROCKERD.endsWithin(Duration.ofSeconds(5))).isTrue();
        BROCKERD.launch("-Dbrocker.die-at=" + step);
        assertThat(BROCKERD.endsWithin(Duration.ofSeconds(20)))
                .as("the step was reached")
                .isTrue();
        BROCKERD.start();
        day.assertRepaired();
        day.end();
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    @Test
    void killedAtAnyMoment() {
        long seed = Long.getLong("brocker.seed", System.nanoTime());
        System.out.println("killedAtAnyMoment: -Dbrocker.seed=" + seed + " -Dbrocker.moments=" + MOMENTS);
        Random random = new Random(seed);
        IntStream.range(0, MOMENTS).forEach(moment -> {
            Day day = new Day(BROCKERD);
            Duration pause = Duration.ofMillis(random.nextInt(LONGEST_MILLIS));
            Thread killer = Thread.ofVirtual().start(() -> {
                Await.pause(pause);
                BROCKERD.kill();
            });
            try {
                day.live();
            } catch (Day.Died _) {
                // As it was meant to.
            }
            join(killer);
            BROCKERD.start();
            try {
                day.assertRepaired();
                day.end();
                BROCKERD.leftovers().assertNothingOfContainers();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("moment " + moment + ", after " + pause.toMillis() + " ms", e);
            }
        });
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
