package brocker.conformance.load;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** One client: what it sends, again and again, by one thread. */
public sealed interface Visitor permits Requests, Events, Echoes {
    /** What it is called in tables. */
    String kind();

    /** Whether how long an answer takes says something about the server. */
    boolean quick();

    /** How long it rests after each. */
    Duration rest();

    /**
     * One request, or one conversation.
     *
     * @param kept the connection that the one before left; this closes it, or gives it back
     * @return the connection, where it may be used again
     * @throws IOException when what comes back is not whole, or not what was expected
     */
    Optional<HttpConnection> visit(int port, Optional<HttpConnection> kept) throws IOException;
}
