package brocker.daemon.scenario;

import java.util.concurrent.CountDownLatch;

/** Holds up whoever comes until it is opened. */
final class Gate {
    private final CountDownLatch somebody = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    void pass() {
        somebody.countDown();
        await(opened);
    }

    void awaitSomebody() {
        await(somebody);
    }

    void open() {
        opened.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
