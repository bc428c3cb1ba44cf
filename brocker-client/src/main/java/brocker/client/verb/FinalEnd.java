package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.daemon.Daemon;
import brocker.spec.BrockerException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * That a container has ended and is not started again.
 *
 * @param json the container as the daemon shows it then
 */
record FinalEnd(String json) {
    private static final String PATIENCE = "30s";

    /** Its own exit code. */
    int code() {
        return Math.toIntExact(Answer.object(json).number("exit-code"));
    }

    /** Waits on a thread of its own; that ends with the program, if not before. */
    static CompletableFuture<FinalEnd> begin(Session session, Absence absence, String name) {
        CompletableFuture<FinalEnd> end = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                end.complete(await(session, absence, name));
            } catch (RuntimeException e) {
                end.completeExceptionally(e);
            }
        });
        return end;
    }

    /** What was begun; its failures are the caller's. */
    static FinalEnd of(CompletableFuture<FinalEnd> begun) {
        try {
            return begun.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    /** Asks again and again, so a daemon may leave and another come meanwhile. */
    private static FinalEnd await(Session session, Absence absence, String name) {
        String whole = Daemon.segment(name);
        // The first answer comes at once: from then on it is known that there is a daemon, and which container is
        // meant.
        String patience = "0s";
        while (true) {
            try {
                // A daemon that has come back may have another token.
                String json = session.daemon().get("/containers/" + whole + "/wait?timeout=" + patience);
                absence.over();
                Answer view = Answer.object(json);
                if (view.text("state").equals("exited")) {
                    return new FinalEnd(json);
                }
                whole = view.containerName().value();
                patience = PATIENCE;
            } catch (BrockerException.Unreachable e) {
                absence.goesOn(e);
            }
        }
    }
}
