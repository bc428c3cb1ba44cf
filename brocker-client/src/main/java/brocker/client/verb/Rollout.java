package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.daemon.Daemon;
import brocker.spec.BrockerException;
import brocker.spec.Escaped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Follows how the replicas of a service come and go, one line for each step of each, until what was wanted is so. It asks the daemon again
 * and again, so it goes on when the daemon was replaced meanwhile.
 */
final class Rollout {
    private static final Duration EVERY = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Session session;
    private final Daemon daemon;
    private final String service;
    private final Board board;
    private Optional<Instant> silentSince = Optional.empty();

    /** What the daemon said in one breath. */
    record Look(Answer service, String json, List<Replica> replicas) {
        /** The replicas that have not ended. */
        List<Replica> living() {
            return replicas.stream().filter(replica -> !replica.isGone()).toList();
        }
    }

    Rollout(Session session, Daemon daemon, String service) {
        this.session = session;
        this.daemon = daemon;
        this.service = service;
        this.board = Board.of(session);
    }

    /** Knows those that have ended already, and says nothing of them. */
    void begin() {
        replicas().stream().filter(Replica::isGone).forEach(board::ignore);
    }

    /**
     * Follows until the predicate holds of what was seen. When the user interrupts it, the daemon goes on, and the user is told so.
     *
     * @throws BrockerException.Unreachable when no daemon answers for a minute
     */
    Look until(Predicate<Look> done) {
        Thread farewell = new Thread(() -> session.shell()
                .stderr()
                .println("it goes on without you; follow it: brocker-client service status --follow "
                        + Escaped.of(service)));
        Runtime.getRuntime().addShutdownHook(farewell);
        try {
            while (true) {
                Optional<Look> seen = tryLook();
                seen.ifPresent(look -> board.show(look.replicas));
                if (seen.filter(done).isPresent()) {
                    return seen.get();
                }
                pause();
            }
        } finally {
            Runtime.getRuntime().removeShutdownHook(farewell);
        }
    }

    private Optional<Look> tryLook() {
        try {
            Look look = look();
            silentSince = Optional.empty();
            return Optional.of(look);
        } catch (BrockerException.Unreachable e) {
            Instant now = session.shell().clock().instant();
            if (silentSince.isEmpty()) {
                silentSince = Optional.of(now);
                session.shell().stderr().println("waiting for the daemon: " + Escaped.of(e.message()));
            }
            if (Duration.between(silentSince.get(), now).compareTo(PATIENCE) > 0) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private Look look() {
        String json = daemon.get("/services/" + Daemon.segment(service));
        return new Look(Answer.object(json), json, replicas());
    }

    private List<Replica> replicas() {
        return Answer.array(daemon.get("/containers?all=true")).stream()
                .flatMap(view -> Replica.of(view, service).stream())
                .toList();
    }

    private static void pause() {
        try {
            Thread.sleep(EVERY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
