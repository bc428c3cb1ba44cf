package brocker.conformance.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Phaser;

/** Visitors at work, a thread each, until closed. */
public final class Crowd implements AutoCloseable {
    /** Who has rested for longer looks at the connection before it is used. */
    private static final Duration LOOKS_AFTER = Duration.ofSeconds(2);

    private final int port;
    private final Ledger ledger;
    private final List<Thread> threads = new ArrayList<>();
    private final Phaser gate = new Phaser(1);
    private volatile boolean held;
    private volatile boolean over;

    public Crowd(int port, Ledger ledger, List<? extends Visitor> visitors) {
        this.port = port;
        this.ledger = ledger;
        gate.bulkRegister(visitors.size());
        for (Visitor visitor : visitors) {
            threads.add(Thread.ofPlatform()
                    .name("visitor-" + threads.size() + "-" + visitor.kind())
                    .start(() -> work(visitor)));
        }
    }

    /** Does something while nobody has a request under way. Connections stay; everybody looks at theirs afterwards. */
    public void whileAllRest(Runnable action) {
        held = true;
        gate.arriveAndAwaitAdvance();
        try {
            action.run();
        } finally {
            held = false;
            gate.arriveAndAwaitAdvance();
        }
    }

    /** Lets everybody finish. */
    @Override
    public void close() {
        over = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void work(Visitor visitor) {
        Optional<HttpConnection> kept = Optional.empty();
        boolean looks = false;
        try {
            while (!over) {
                kept = looks ? look(kept) : kept;
                kept = visit(visitor, kept);
                looks = visitor.rest().compareTo(LOOKS_AFTER) > 0;
                Thread.sleep(visitor.rest());
                if (held) {
                    gate.arriveAndAwaitAdvance();
                    gate.arriveAndAwaitAdvance();
                    looks = true;
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            kept.ifPresent(HttpConnection::close);
            gate.arriveAndDeregister();
        }
    }

    private Optional<HttpConnection> look(Optional<HttpConnection> kept) {
        if (kept.isPresent() && kept.get().closedByServer()) {
            ledger.foundClosed();
            kept.get().close();
            return Optional.empty();
        }
        return kept;
    }

    private Optional<HttpConnection> visit(Visitor visitor, Optional<HttpConnection> kept) {
        String phase = ledger.phase();
        long begun = System.nanoTime();
        Optional<HttpConnection> left = Optional.empty();
        String failure = "";
        try {
            left = visitor.visit(port, kept);
        } catch (IOException | RuntimeException e) {
            failure = (kept.isPresent() ? "kept connection: " : "") + e;
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        ledger.add(new Ledger.Entry(phase, visitor.kind(), visitor.quick(), took, failure));
        return left;
    }
}
