package brocker.daemon.api;

import brocker.daemon.connection.Connection;
import brocker.daemon.connection.ConnectionLimits;
import brocker.daemon.connection.Listeners;
import brocker.daemon.connection.ListeningSockets;
import brocker.daemon.event.EventLog;
import brocker.daemon.file.Artifacts;
import brocker.daemon.log.LogWatch;
import brocker.daemon.orchestrator.Orchestrator;
import brocker.spec.BrockerException;
import brocker.spec.Version;
import brocker.spec.wire.DaemonHealth;
import brocker.spec.wire.HostFinding;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.NotFoundException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** The HTTP server of the daemon. */
public final class ApiServer implements AutoCloseable {
    private static final String ROOT = "/api/v1";

    private final LogWatch logs = new LogWatch();
    private final Listeners listeners;

    /**
     * Makes it; it serves from {@link #start} on.
     *
     * @param sockets which listen already, and are closed with this
     * @param tls encrypts every TCP connection, where it is there
     * @param token what a request over TCP shows; over the Unix socket none is asked for, and one that is shown does not count
     * @param check finds out what the host offers
     */
    public ApiServer(
            ListeningSockets sockets,
            Optional<SSLContext> tls,
            Token token,
            Orchestrator orchestrator,
            Artifacts artifacts,
            EventLog events,
            Supplier<List<HostFinding>> check) {
        ExecSessions sessions = new ExecSessions();
        HttpRouting.Builder routing = HttpRouting.builder()
                .addFilter((chain, request, response) -> {
                    Connection connection = Connection.current();
                    if (!connection.isLocal()) {
                        token.require(authorization(request));
                    }
                    if (connection.isLast()) {
                        response.header(HeaderNames.CONNECTION, "close");
                    }
                    connection.begin();
                    try {
                        chain.proceed();
                    } finally {
                        connection.end();
                    }
                })
                .register(ROOT + "/services", new ServiceRoutes(orchestrator))
                .register(ROOT + "/containers", new ContainerRoutes(orchestrator, sessions))
                .register(ROOT + "/containers", new LogRoutes(orchestrator, logs))
                .register(ROOT + "/exec", new ExecRoutes(sessions))
                .register(ROOT + "/artifacts", new ArtifactRoutes(artifacts))
                .register(ROOT + "/events", new EventRoutes(events))
                .get(
                        ROOT + "/health",
                        (request, response) -> Bodies.send(response, Status.OK_200, health(orchestrator)))
                .get(ROOT + "/stats", (request, response) -> Bodies.send(response, Status.OK_200, orchestrator.stats()))
                .get(ROOT + "/check", (request, response) -> Bodies.send(response, Status.OK_200, check.get()))
                .get("/metrics", (request, response) -> metrics(response, orchestrator))
                .get("/openapi.json", ApiServer::openapi)
                .any(ApiServer::unknownRoute)
                .error(BrockerException.class, (request, response, e) -> Problems.send(response, e))
                .error(NotFoundException.class, (request, response, e) -> unknownRoute(request, response))
                .error(HttpException.class, (request, response, e) -> Problems.send(response, malformed(e)))
                .error(Throwable.class, (request, response, e) -> unexpected(response, e));
        this.listeners = new Listeners(sockets, routing, tls, ConnectionLimits.ofThisProcess());
    }

    /** Serves; what connected before has waited. */
    public void start() {
        listeners.start();
    }

    /** Lets requests under way finish for a moment. */
    @Override
    public void close() {
        listeners.close();
        logs.close();
    }

    private static String authorization(RoutingRequest request) {
        return request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
    }

    /** A client that leaves makes its request fail in many ways, none of which is worth a word. */
    private static void unexpected(ServerResponse response, Throwable e) {
        if (Connection.current().isGone()) {
            throw new CloseConnectionException("the client has left", e);
        }
        Problems.sendUnexpected(response, e);
    }

    private static DaemonHealth health(Orchestrator orchestrator) {
        return new DaemonHealth(
                "ok",
                Version.CURRENT,
                orchestrator.services().size(),
                orchestrator.containers(false).size());
    }

    private static void metrics(ServerResponse response, Orchestrator orchestrator) {
        response.header(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
                .send(MetricsText.of(orchestrator.services(), orchestrator.traffic(), orchestrator.stats()));
    }

    private static void openapi(ServerRequest request, ServerResponse response) throws IOException {
        try (InputStream document = Objects.requireNonNull(ApiServer.class.getResourceAsStream("openapi.json"))) {
            response.header(HeaderNames.CONTENT_TYPE, "application/json").send(document.readAllBytes());
        }
    }

    private static void unknownRoute(ServerRequest request, ServerResponse response) {
        Problems.send(
                response,
                new BrockerException.NotFound(
                        "no-such-route",
                        "there is no \"" + request.prologue().method().text() + " "
                                + request.path().path() + "\"",
                        "the routes are described in /openapi.json"));
    }

    private static BrockerException malformed(HttpException e) {
        return new BrockerException.Invalid("malformed-request", String.valueOf(e.getMessage()), "");
    }
}
