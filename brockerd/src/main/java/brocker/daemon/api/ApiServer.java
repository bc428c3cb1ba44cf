package brocker.daemon.api;

import brocker.daemon.log.LogWatch;
import brocker.daemon.orchestrator.Artifacts;
import brocker.daemon.orchestrator.EventLog;
import brocker.daemon.orchestrator.Orchestrator;
import brocker.spec.BrockerException;
import brocker.spec.Version;
import brocker.spec.wire.DaemonHealth;
import brocker.spec.wire.HostFinding;
import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.NotFoundException;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** The HTTP server of the daemon. */
public final class ApiServer implements AutoCloseable {
    private static final String ROOT = "/api/v1";

    private final InetSocketAddress address;
    private final LogWatch logs = new LogWatch();
    private final WebServer server;

    /**
     * Makes it; it listens from {@link #start} on.
     *
     * @param tls encrypts every connection, where it is there
     * @param check finds out what the host offers
     */
    public ApiServer(
            InetSocketAddress address,
            Optional<SSLContext> tls,
            Token token,
            Orchestrator orchestrator,
            Artifacts artifacts,
            EventLog events,
            Supplier<List<HostFinding>> check) {
        this.address = address;
        ExecSessions sessions = new ExecSessions();
        HttpRouting.Builder routing = HttpRouting.builder()
                .addFilter((chain, request, response) -> {
                    token.require(authorization(request));
                    chain.proceed();
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
                .error(Throwable.class, (request, response, e) -> Problems.sendUnexpected(response, e));
        WebServerConfig.Builder builder = WebServer.builder()
                .bindAddress(address)
                .shutdownHook(false)
                .shutdownGracePeriod(Duration.ofMillis(500))
                .featuresDiscoverServices(false)
                .routing(routing);
        tls.ifPresent(context -> builder.tls(Tls.builder().sslContext(context).build()));
        this.server = builder.build();
    }

    /**
     * Listens.
     *
     * @throws BrockerException.Conflict when the address is taken
     */
    public void start() {
        requireFree(address);
        server.start();
        if (!server.isRunning()) {
            throw taken(address, "the server did not start");
        }
    }

    /**
     * The server only logs that it could not bind, so that is tried before it: with a socket that does not listen, since whoever could
     * connect to it would take the daemon for one that serves.
     */
    private static void requireFree(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (IOException e) {
            throw taken(address, String.valueOf(e.getMessage()).toLowerCase(java.util.Locale.ROOT));
        }
    }

    private static BrockerException.Conflict taken(InetSocketAddress address, String reason) {
        return new BrockerException.Conflict(
                "cannot-listen",
                "cannot listen on \"" + address.getHostString() + ":" + address.getPort() + "\": " + reason,
                "is a brockerd running already? Otherwise choose another address: --listen 127.0.0.1:PORT");
    }

    /** Lets requests under way finish for a moment. */
    @Override
    public void close() {
        server.stop();
        logs.close();
    }

    private static String authorization(RoutingRequest request) {
        return request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
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
