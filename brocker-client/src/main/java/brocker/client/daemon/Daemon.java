package brocker.client.daemon;

import brocker.client.http.Content;
import brocker.client.http.Response;
import brocker.client.text.Output;
import brocker.spec.BrockerException;
import brocker.spec.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Requests to the daemon. Every method throws {@link BrockerException.Unreachable} when no daemon answers, and the daemon's own failure
 * otherwise.
 */
public final class Daemon {
    private static final String BYTES = "application/octet-stream";

    private final Connection connection;

    /**
     * A daemon at an address.
     *
     * @param caFile the certificates to trust where it is https; empty for those of the Java runtime
     * @param trace where requests are told, if anywhere
     */
    public Daemon(DaemonAddress address, String caFile, Token token, Optional<Output> trace) {
        this.connection = new Connection(address, caFile, token, trace);
    }

    /** The JSON at a path below {@code /api/v1}. */
    public String get(String path) {
        return text("GET", path, Content.none());
    }

    public String post(String path, Object body) {
        return postJson(path, Json.write(body));
    }

    String postJson(String path, String json) {
        return text("POST", path, Content.of("application/json", json.getBytes(StandardCharsets.UTF_8)));
    }

    public String patch(String path, Object body) {
        byte[] json = Json.write(body).getBytes(StandardCharsets.UTF_8);
        return text("PATCH", path, Content.of("application/json", json));
    }

    public void delete(String path) {
        text("DELETE", path, Content.none());
    }

    /** Whether there is something at a path. */
    public boolean exists(String path) {
        try (Response response = connection.send("HEAD", path, Content.none())) {
            if (response.status() != 404) {
                connection.requireSuccess("HEAD", path, response);
            }
            return response.isSuccess();
        } catch (IOException e) {
            throw connection.failure(e);
        }
    }

    /** The bytes at a path; the caller closes them. */
    public InputStream open(String path) {
        try {
            Response response = connection.send("GET", path, Content.none());
            if (!response.isSuccess()) {
                try (response) {
                    connection.requireSuccess("GET", path, response);
                }
            }
            return response.body();
        } catch (IOException e) {
            throw connection.failure(e);
        }
    }

    /** Sends exactly as many bytes as said, without keeping them. */
    public void put(String path, long length, Content.Writer body) {
        text("PUT", path, Content.sized(BYTES, length, body));
    }

    /** Sends a body whose length nobody knows yet, as it is written. */
    void putStream(String path, Content.Writer body) {
        text("PUT", path, Content.streamed(BYTES, body));
    }

    /** Tells what happened to whoever asked for it with {@code --verbose}. */
    void trace(String what) {
        connection.trace(what);
    }

    /** A session of {@code exec} in a container. */
    public ExecSession exec(String name) {
        return new ExecSession(this, name);
    }

    /**
     * A user's word as one segment of a path (RFC 3986).
     *
     * @throws BrockerException.Invalid when no name can be that word
     */
    public static String segment(String word) {
        if (word.isEmpty() || word.equals(".") || word.equals("..")) {
            throw new BrockerException.Invalid("invalid-name", "\"" + word + "\" is not a name", "");
        }
        StringBuilder segment = new StringBuilder();
        for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 255);
            if (c < 127 && (Character.isLetterOrDigit(c) || "-_.~".indexOf(c) >= 0)) {
                segment.append(c);
            } else {
                segment.append('%').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            }
        }
        return segment.toString();
    }

    private String text(String method, String path, Content content) {
        try (Response response = connection.send(method, path, content)) {
            connection.requireSuccess(method, path, response);
            return response.text();
        } catch (IOException e) {
            throw connection.failure(e);
        }
    }
}
