package brocker.client.verb;

import brocker.client.daemon.Daemon;
import brocker.spec.BrockerException;
import brocker.spec.ContainerName;
import brocker.spec.Signal;
import brocker.spec.wire.KillRequest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * This program in the place of a container's command: it prints what the container writes, gives the container the signals that it gets,
 * and ends with the container's code. A restart of the daemon does not end it, nor a restart of the container.
 */
record Attachment(Session session, ContainerName name) {
    /** Until the container has ended and is not started again. Gives its exit code. */
    int run() {
        Absence absence = new Absence(session, "the log goes on");
        CompletableFuture<FinalEnd> end = FinalEnd.begin(session, absence, name.value());
        Signals.giveTo(this::send);
        LogPrinter printer = new LogPrinter(session.shell(), false);
        new LogStream(session, absence, name.value(), LogOptions.EVERYTHING).read(printer);
        return FinalEnd.of(end).code();
    }

    private void send(Signal signal) {
        try {
            KillRequest request = new KillRequest(Optional.of(signal));
            session.daemon().post("/containers/" + Daemon.segment(name.value()) + "/kill", request);
        } catch (BrockerException.Conflict _) {
            // It has ended already.
        } catch (BrockerException e) {
            Session.tell(session.shell().stderr(), "cannot send " + signal + ": " + e.message(), "");
        }
    }
}
