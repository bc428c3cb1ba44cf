package brocker.daemon.connection;

import io.helidon.common.context.Context;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.http.media.MediaContext;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** HTTP/1.1 and the routes, as Helidon wants them for a connection that another listener than its own has accepted. */
record Http(
        Router router,
        Http1ConnectionSelector selector,
        Context context,
        MediaContext mediaContext,
        ContentEncodingContext contentEncodingContext,
        DirectHandlers directHandlers,
        ListenerConfig config,
        ExecutorService executor)
        implements ListenerContext {
    static Http serving(HttpRouting.Builder routing) {
        return new Http(
                Router.builder().addRouting(routing).build(),
                Http1ConnectionSelector.builder()
                        .config(Http1Config.builder()
                                .addSendListener(new LastAnswer())
                                .build())
                        .build(),
                Context.builder().id("api").build(),
                MediaContext.create(),
                ContentEncodingContext.create(),
                DirectHandlers.create(),
                ListenerConfig.create(),
                Executors.newVirtualThreadPerTaskExecutor());
    }

    /** The conversation on a connection, which has not begun. */
    ServerConnection on(ConnectionContext connection) {
        return selector.connection(connection);
    }

    /** Helidon announces the end of a connection by {@code Connection: close}, and then reads on it what is left of a body as a request. */
    private static final class LastAnswer implements Http1ConnectionListener {
        @Override
        public void headers(ConnectionContext connection, Headers headers) {
            if (headers.containsToken(HeaderValues.CONNECTION_CLOSE) && connection instanceof Connection ours) {
                ours.endWithThisAnswer();
            }
        }
    }
}
