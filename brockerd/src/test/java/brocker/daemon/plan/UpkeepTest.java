package brocker.daemon.plan;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.daemon.plan.Upkeep.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is done for replicas, each written as its letter: s starts, h is healthy, a is ailing; the oldest first. */
final class UpkeepTest {
    private static Upkeep<Integer> of(int desired, int surge, int returning, String replicas) {
        List<Upkeep.Replica<Integer>> living = new ArrayList<>();
        for (int i = 0; i < replicas.length(); i++) {
            Standing standing = switch (replicas.charAt(i)) {
                case 's' -> Standing.STARTING;
                case 'h' -> Standing.HEALTHY;
                default -> Standing.AILING;
            };
            living.add(new Upkeep.Replica<>(i, standing));
        }
        return Upkeep.of(desired, surge, returning, living);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # desired, surge, returning | replicas | start | leave
            3 | 1 | 0 | hhh  | 0 | ''
            3 | 1 | 0 | ''   | 3 | ''
            3 | 1 | 0 | hs   | 1 | ''
            3 | 1 | 1 | hh   | 0 | ''
            1 | 1 | 2 | ''   | 0 | ''
            2 | 1 | 0 | hhhhh | 0 | 432
            2 | 1 | 0 | hshs  | 0 | 31
            # one ails: another is started, and it leaves when that is healthy
            3 | 1 | 0 | hah  | 1 | ''
            3 | 1 | 0 | hahs | 0 | ''
            3 | 1 | 0 | hahh | 0 | 1
            # it recovers before
            3 | 1 | 0 | hhhs | 0 | 3
            # the only one
            1 | 1 | 0 | a    | 1 | ''
            1 | 1 | 0 | as   | 0 | ''
            1 | 1 | 0 | ah   | 0 | 0
            # all ail at once: one after the other, as many at a time as may surge
            3 | 1 | 0 | aaa  | 1 | ''
            3 | 1 | 0 | aaas | 0 | ''
            3 | 1 | 0 | aaah | 1 | 0
            3 | 2 | 0 | aaa  | 2 | ''
            3 | 2 | 0 | aaass | 0 | ''
            # one of those two recovers
            3 | 2 | 0 | haass | 0 | ''
            3 | 2 | 0 | hhass | 0 | 4
            # one ails and one has ended
            3 | 1 | 0 | ha   | 2 | ''
            # there should be fewer: the ailing go first, then what starts, then the youngest
            2 | 1 | 0 | hahhs | 0 | 143
            """)
    void whatIsDone(int desired, int surge, int returning, String replicas, int start, String leave) {
        Upkeep<Integer> upkeep = of(desired, surge, returning, replicas);

        assertThat(upkeep.start()).as("to start").isEqualTo(start);
        assertThat(upkeep.leave().stream().map(String::valueOf).reduce("", String::concat))
                .as("to leave")
                .isEqualTo(leave);
    }

    /** Replicas that become healthy, ail, recover and end at random. */
    @Test
    void neverMoreThanMaySurgeNorFewerHealthyThanThereWere() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            int desired = 1 + random.nextInt(5);
            int surge = 1 + random.nextInt(3);
            StringBuilder replicas = new StringBuilder();
            for (int i = random.nextInt(desired + surge + 1); i > 0; i--) {
                replicas.append("sha".charAt(random.nextInt(3)));
            }
            String before = replicas.toString();
            Upkeep<Integer> upkeep = of(desired, surge, 0, before);
            upkeep.leave().stream().sorted(Comparator.reverseOrder()).forEach(replicas::deleteCharAt);
            String after = replicas + "s".repeat(upkeep.start());
            String description = "seed " + seed + ", " + desired + "+" + surge + ": " + before + " to " + after;

            assertThat(after.length()).as(description).isBetween(desired, desired + surge);
            assertThat(healthy(after)).as(description).isGreaterThanOrEqualTo(Math.min(desired, healthy(before)));
            assertThat(of(desired, surge, 0, after)).as(description).isEqualTo(new Upkeep<>(0, List.of()));
        }
    }

    private static long healthy(String replicas) {
        return replicas.chars().filter(letter -> letter == 'h').count();
    }

    @Test
    void thoseThatFailTogetherMakeOnePauseAndThePauseGrows() {
        Pauses pauses = new Pauses();
        Instant now = Instant.EPOCH.plusSeconds(1_000);
        pauses.failed(Duration.ZERO, now);
        pauses.failed(Duration.ZERO, now.plusMillis(1));
        assertThat(pauses.next()).isEqualTo(now.plusSeconds(1));
        pauses.failed(Duration.ZERO, now.plusSeconds(2));
        assertThat(pauses.next()).isEqualTo(now.plusSeconds(4));
        pauses.failed(Duration.ofMinutes(1), now.plusSeconds(5));
        assertThat(pauses.next()).as("after one that worked").isEqualTo(now.plusSeconds(6));
        pauses.reset();
        assertThat(pauses.next()).isBefore(now);
    }
}
