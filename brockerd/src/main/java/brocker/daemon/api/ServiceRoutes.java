package brocker.daemon.api;

import brocker.daemon.orchestrator.Orchestrator;
import brocker.spec.ServiceSpec;
import brocker.spec.wire.RollbackRequest;
import brocker.spec.wire.ScaleRequest;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** {@code /api/v1/services}. */
record ServiceRoutes(Orchestrator orchestrator) implements HttpService {
    @Override
    public void routing(HttpRules rules) {
        rules.get("/", this::list)
                .post("/", this::add)
                .get("/{name}", this::show)
                .post("/{name}/deploy", this::deploy)
                .post("/{name}/rollback", this::rollback)
                .post("/{name}/scale", this::scale)
                .delete("/{name}", this::remove);
    }

    private void list(ServerRequest request, ServerResponse response) {
        Bodies.send(response, Status.OK_200, orchestrator.services());
    }

    private void add(ServerRequest request, ServerResponse response) {
        ServiceSpec spec = Bodies.read(request, ServiceSpec.class);
        Bodies.send(response, Status.CREATED_201, orchestrator.addService(spec));
    }

    private void show(ServerRequest request, ServerResponse response) {
        Bodies.send(response, Status.OK_200, orchestrator.service(name(request)));
    }

    private void deploy(ServerRequest request, ServerResponse response) {
        ServiceSpec spec = Bodies.read(request, ServiceSpec.class);
        Bodies.send(response, Status.ACCEPTED_202, orchestrator.deploy(name(request), spec));
    }

    private void rollback(ServerRequest request, ServerResponse response) {
        RollbackRequest wanted = Bodies.read(request, RollbackRequest.class);
        Bodies.send(response, Status.ACCEPTED_202, orchestrator.rollback(name(request), wanted.to()));
    }

    private void scale(ServerRequest request, ServerResponse response) {
        ScaleRequest wanted = Bodies.read(request, ScaleRequest.class);
        Bodies.send(response, Status.ACCEPTED_202, orchestrator.scale(name(request), wanted.replicas()));
    }

    private void remove(ServerRequest request, ServerResponse response) {
        orchestrator.removeService(name(request));
        response.status(Status.NO_CONTENT_204).send();
    }

    private static String name(ServerRequest request) {
        return request.path().pathParameters().get("name");
    }
}
