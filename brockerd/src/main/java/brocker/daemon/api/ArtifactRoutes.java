package brocker.daemon.api;

import brocker.daemon.file.Artifacts;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** {@code /api/v1/artifacts}. */
record ArtifactRoutes(Artifacts artifacts) implements HttpService {
    @Override
    public void routing(HttpRules rules) {
        rules.head("/{sha256}", this::has).put("/{sha256}", this::put);
    }

    private void has(ServerRequest request, ServerResponse response) {
        boolean there = artifacts.has(digest(request));
        response.status(there ? Status.OK_200 : Status.NOT_FOUND_404).send();
    }

    private void put(ServerRequest request, ServerResponse response) {
        try (InputStream content = request.content().inputStream()) {
            artifacts.put(digest(request), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        response.status(Status.CREATED_201).send();
    }

    private static String digest(ServerRequest request) {
        return request.path().pathParameters().get("sha256");
    }
}
