package brocker.daemon.port;

import brocker.daemon.record.ServiceRecord;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One running proxy. Thread-safe. */
public interface ProxyControl extends AutoCloseable {
    /**
     * How far a change has come. Neither completes with a failure: what the proxy refuses is tried again until it is taken.
     *
     * @param serving every request that arrives from now on goes to the members as they were said
     * @param drained nothing that worked with the earlier ones is left either, or, where long requests hold it up, the service's drain
     *     time-out is over
     */
    record Change(CompletableFuture<Void> serving, CompletableFuture<Void> drained) {
        /** One that has begun. */
        public Change() {
            this(new CompletableFuture<>(), new CompletableFuture<>());
        }

        /** Nothing is left to wait for. */
        public Change complete() {
            serving.complete(null);
            drained.complete(null);
            return this;
        }
    }

    /** How soon a change has to be made. */
    enum Pace {
        /** Clients that keep their connections are told in their answers to leave them, and have the time to do so. */
        CAREFUL,

        /** Requests fail until it is made: whoever is in the middle of one is told, but nobody is waited for. */
        AT_ONCE
    }

    /** Changes what it does. Changes within a short window become one reload. */
    Change apply(ServiceRecord service, Traffic traffic, Pace pace);

    /**
     * Finds out whether the proxy would take this; nothing is changed.
     *
     * @throws brocker.spec.BrockerException.Invalid where it would not take what the user wrote
     */
    void require(ServiceRecord next, Traffic traffic);

    /** Compares the running program with the installed one; empty if they are the same. */
    Optional<OutdatedProgram> outdated();

    /**
     * Replaces the running program by the installed one; the old one finishes its requests. Returns when the new one accepts connections
     * or, if the container cannot change its program, when the container has ended.
     *
     * @throws brocker.spec.BrockerException if the installed program refuses the configuration or does not start; the old one keeps running
     */
    void upgrade() throws InterruptedException;

    /** Changes that are under way are done where the proxy has ended, and are otherwise left to the next daemon. */
    @Override
    void close();
}
