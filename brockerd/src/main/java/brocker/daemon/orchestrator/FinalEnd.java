package brocker.daemon.orchestrator;

import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.Failures;
import brocker.daemon.turn.Pulse;
import brocker.spec.ContainerName;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waiting until a container of one service has ended and is not started again. Outside of any mailbox; thread-safe.
 *
 * @param pulse beats with every change of the other two
 */
record FinalEnd(Members members, History history, Pulse pulse) {
    /**
     * Waits, at most so long. Who waits is told of the end even where it is forgotten at once, with the service or for later ones.
     *
     * @return how it ended; empty when the time is over before
     * @throws brocker.spec.BrockerException.NotFound when it is not known
     */
    Optional<ContainerRecord> await(ContainerName name, Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        Optional<ContainerRecord> before = Optional.empty();
        while (true) {
            long seen = pulse.count();
            Optional<Member> living = members.find(name);
            Optional<ContainerRecord> ended =
                    living.isPresent() ? within(living.get().ended(), end) : history.find(name);
            if (living.isEmpty() && ended.isEmpty()) {
                ContainerRecord last = before.orElseThrow(() -> Failures.containerNotFound(name.abbreviated()));
                return Optional.of(last.asked(ContainerRecord.Asked.STOP));
            }
            Duration left = Duration.ofNanos(end - System.nanoTime());
            if (ended.isEmpty() || !history.rests(ended.get())) {
                return ended;
            }
            if (!left.isPositive()) {
                return Optional.empty();
            }
            before = ended;
            pulse.await(seen, left);
        }
    }

    private static Optional<ContainerRecord> within(CompletableFuture<ContainerRecord> ended, long end)
            throws InterruptedException {
        try {
            return Optional.of(ended.get(end - System.nanoTime(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException _) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an end that failed", e);
        }
    }
}
