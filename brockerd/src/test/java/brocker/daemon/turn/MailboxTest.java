package brocker.daemon.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brocker.spec.BrockerException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class MailboxTest {
    @Test
    void workIsDoneInTurn() {
        List<Integer> done = new ArrayList<>();
        try (Mailbox mailbox = new Mailbox("shop")) {
            IntStream.range(0, 1000).forEach(i -> mailbox.post(() -> done.add(i)));
            assertThat(mailbox.call(done::size)).isEqualTo(1000);
        }
        assertThat(done).isSorted();
    }

    @Test
    void postDoesNotWait() throws Exception {
        try (Mailbox mailbox = new Mailbox("shop")) {
            CountDownLatch go = new CountDownLatch(1);
            mailbox.post(() -> {
                try {
                    go.await();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
            go.countDown();
            assertThat(mailbox.call(() -> Thread.currentThread().getName())).isEqualTo("mailbox-shop");
        }
    }

    @Test
    void whatHasToBeDoneIsDoneAgainUntilItSucceedsAndHoldsUpNothing() throws Exception {
        try (Mailbox mailbox = new Mailbox("shop")) {
            List<String> order = new CopyOnWriteArrayList<>();
            CountDownLatch done = new CountDownLatch(1);
            mailbox.postUntilDone(() -> {
                order.add("tried");
                if (order.size() < 3) {
                    throw new IllegalStateException("not yet");
                }
                done.countDown();
            });
            mailbox.post(() -> order.add("next"));
            done.await();
            assertThat(order).containsExactly("tried", "next", "tried");
        }
    }

    @Test
    void uncheckedExceptionIsTheCallersAndTheNextWorkIsDone() {
        try (Mailbox mailbox = new Mailbox("shop")) {
            BrockerException failure = new BrockerException.NotFound("a", "b", "");
            assertThatThrownBy(() -> mailbox.run(() -> {
                        throw failure;
                    }))
                    .isSameAs(failure);
            assertThatThrownBy(() -> mailbox.call(() -> {
                        throw new IOException("x");
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasRootCauseMessage("x");
            mailbox.post(() -> {
                throw failure;
            });
            assertThat(mailbox.call(() -> 7)).isEqualTo(7);
        }
    }

    @Test
    void whatIsPostedWithAPauseIsDoneAfterItAndNothingWaitsMeanwhile() throws Exception {
        CountDownLatch done = new CountDownLatch(2);
        List<String> order = new CopyOnWriteArrayList<>();
        try (Mailbox mailbox = new Mailbox("shop")) {
            mailbox.postAfter(Duration.ofMillis(200), () -> note(order, "later", done));
            mailbox.postAfter(Duration.ofSeconds(-1), () -> note(order, "overdue", done));
            mailbox.run(() -> order.add("now"));
            done.await();
        }
        assertThat(order).containsExactlyInAnyOrder("now", "overdue", "later").endsWith("later");
    }

    private static void note(List<String> order, String what, CountDownLatch done) {
        order.add(what);
        done.countDown();
    }

    @Test
    void whatIsDueAfterTheEndIsNotDone() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        Mailbox mailbox = new Mailbox("shop");
        mailbox.postAfter(Duration.ofMillis(50), () -> order.add("due after the end"));
        mailbox.close();
        Thread.sleep(Duration.ofMillis(200));
        assertThat(order).isEmpty();
    }

    @Test
    void closedMailboxFinishesWhatItHasAndTakesNothingMore() throws Exception {
        CountDownLatch done = new CountDownLatch(2);
        Mailbox mailbox = new Mailbox("shop");
        mailbox.post(done::countDown);
        mailbox.post(done::countDown);
        mailbox.close();
        mailbox.post(() -> {
            throw new AssertionError("done after the end");
        });
        done.await();
        assertThat(done.getCount()).isZero();
    }
}
