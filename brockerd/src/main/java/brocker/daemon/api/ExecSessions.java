package brocker.daemon.api;

import brocker.runtime.ExecSession;
import brocker.spec.BrockerException;
import brocker.spec.wire.ExecStarted;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The exec sessions whose client is about to fetch, or is fetching, their streams. Thread-safe. */
final class ExecSessions {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    private record Entry(ExecSession session, CompletableFuture<Boolean> claimed) {}

    /** Keeps a session for the client; one that nobody comes for is ended after ten seconds. */
    ExecStarted add(ExecSession session) {
        String id = HexFormat.of().toHexDigits(new java.security.SecureRandom().nextLong());
        Entry entry = new Entry(session, new CompletableFuture<>());
        entries.put(id, entry);
        var _ = entry.claimed
                .completeOnTimeout(false, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .thenAccept(claimed -> {
                    if (!claimed) {
                        remove(id);
                    }
                });
        return new ExecStarted(id);
    }

    /** Hands the session to the one who fetches its output, and who removes it afterwards. */
    ExecSession claim(String id) {
        Entry entry = find(id);
        if (!entry.claimed.complete(true)) {
            throw notFound(id);
        }
        return entry.session;
    }

    ExecSession get(String id) {
        return find(id).session;
    }

    /** Ends the session. */
    void remove(String id) {
        Optional.ofNullable(entries.remove(id)).ifPresent(entry -> entry.session.close());
    }

    private Entry find(String id) {
        return Optional.ofNullable(entries.get(id)).orElseThrow(() -> notFound(id));
    }

    private static BrockerException.NotFound notFound(String id) {
        return new BrockerException.NotFound("exec-not-found", "there is no exec session \"" + id + "\"", "");
    }
}
