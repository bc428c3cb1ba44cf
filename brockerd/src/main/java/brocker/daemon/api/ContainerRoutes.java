package brocker.daemon.api;

import brocker.daemon.orchestrator.Orchestrator;
import brocker.runtime.ExecSession;
import brocker.spec.BrockerException;
import brocker.spec.ContainerLimits;
import brocker.spec.ContainerSpec;
import brocker.spec.Signal;
import brocker.spec.Timespan;
import brocker.spec.wire.ContainerView;
import brocker.spec.wire.ExecRequest;
import brocker.spec.wire.KillRequest;
import brocker.spec.wire.StopRequest;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** {@code /api/v1/containers}. */
record ContainerRoutes(Orchestrator orchestrator, ExecSessions sessions) implements HttpService {
    private static final Duration WAIT = Duration.ofSeconds(30);

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", this::list)
                .post("/", this::run)
                .get("/{name}", this::show)
                .delete("/{name}", this::remove)
                .patch("/{name}", this::update)
                .post("/{name}/stop", this::stop)
                .post("/{name}/kill", this::kill)
                .post("/{name}/restart", this::restart)
                .get("/{name}/wait", this::await)
                .post("/{name}/exec", this::exec)
                .get("/{name}/stats", this::stats);
    }

    private void list(ServerRequest request, ServerResponse response) {
        boolean all = request.query().first("all").map(Boolean::parseBoolean).orElse(false);
        Bodies.send(response, Status.OK_200, orchestrator.containers(all));
    }

    /** Says in {@code Server-Timing} how long the start took, from here to the command's execution. */
    private void run(ServerRequest request, ServerResponse response) {
        Instant begin = Instant.now();
        ContainerSpec spec = Bodies.read(request, ContainerSpec.class);
        if (!spec.filesToCopy().isEmpty()) {
            throw new BrockerException.Invalid(
                    "file-not-uploaded",
                    "\"" + spec.filesToCopy().getFirst() + "\" is a file of the client's",
                    "upload it and name it in \"artifacts\", as brocker-client does");
        }
        ContainerView view = orchestrator.run(spec);
        double millis = Duration.between(begin, view.started().orElseThrow()).toNanos() / 1e6;
        response.header(HeaderNames.create("Server-Timing"), String.format(Locale.ROOT, "start;dur=%.3f", millis));
        Bodies.send(response, Status.CREATED_201, view);
    }

    private void show(ServerRequest request, ServerResponse response) {
        Bodies.send(response, Status.OK_200, orchestrator.container(name(request)));
    }

    private void remove(ServerRequest request, ServerResponse response) {
        orchestrator.remove(name(request));
        response.status(Status.NO_CONTENT_204).send();
    }

    private void update(ServerRequest request, ServerResponse response) {
        ContainerLimits change = Bodies.read(request, ContainerLimits.class);
        Bodies.send(response, Status.OK_200, orchestrator.update(name(request), change));
    }

    private void stop(ServerRequest request, ServerResponse response) {
        Bodies.send(response, Status.OK_200, orchestrator.stop(name(request), timeout(request)));
    }

    private void restart(ServerRequest request, ServerResponse response) {
        Bodies.send(response, Status.OK_200, orchestrator.restart(name(request), timeout(request)));
    }

    private void kill(ServerRequest request, ServerResponse response) {
        Signal signal = Bodies.read(request, KillRequest.class).signal().orElse(Signal.SIGKILL);
        Bodies.send(response, Status.OK_200, orchestrator.kill(name(request), signal));
    }

    /** Answers when it has ended for good, or when the time is over; the state tells which. */
    private void await(ServerRequest request, ServerResponse response) {
        Duration longest = request.query()
                .first("timeout")
                .map(text -> Timespan.parse(text).duration())
                .orElse(WAIT);
        ContainerView view;
        try {
            view = orchestrator.awaitEnd(name(request), longest);
        } catch (InterruptedException _) {
            // The daemon leaves: who waits asks the next one.
            view = orchestrator.container(name(request));
        }
        Bodies.send(response, Status.OK_200, view);
    }

    private static Optional<Duration> timeout(ServerRequest request) {
        return Bodies.read(request, StopRequest.class).timeout().map(Timespan::duration);
    }

    private void exec(ServerRequest request, ServerResponse response) {
        ExecRequest command = Bodies.read(request, ExecRequest.class);
        ExecSession session = orchestrator.exec(name(request), command);
        if (!command.stdin()) {
            session.stdin().close();
        }
        Bodies.send(response, Status.CREATED_201, sessions.add(session));
    }

    private void stats(ServerRequest request, ServerResponse response) {
        Bodies.send(response, Status.OK_200, orchestrator.stats(name(request)));
    }

    private static String name(ServerRequest request) {
        return request.path().pathParameters().get("name");
    }
}
