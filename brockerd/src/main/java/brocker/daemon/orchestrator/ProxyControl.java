package brocker.daemon.orchestrator;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One running proxy. Thread-safe. */
public interface ProxyControl extends AutoCloseable {
    /**
     * Changes the members of the upstream. Changes within a short window become one reload.
     *
     * @return completes when the members are as said and nothing that worked with the earlier ones is left, or, where long requests
     *     hold it up, at the end of the service's drain time-out
     */
    CompletableFuture<Void> apply(List<Upstream> members);

    @Override
    void close();
}
