package brocker.client.daemon;

import brocker.client.text.Output;
import brocker.spec.BrockerException;
import brocker.spec.json.Json;
import brocker.spec.wire.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Requests to the daemon. {@link HttpURLConnection}, since it costs half the start-up time of {@code java.net.http}; a body is always
 * sent with a fixed length, because without one {@code HttpURLConnection} repeats a POST whose answer got lost. Every method throws
 * {@link BrockerException.Unreachable} when no daemon answers, and the daemon's own failure otherwise.
 */
public final class Daemon {
    private static final String API = "/api/v1";
    private static final int CONNECT_MILLIS = 10_000;

    private final Connection connection;

    /**
     * A daemon at an address.
     *
     * @param trace where requests are told, if anywhere
     */
    public Daemon(DaemonAddress address, Token token, Optional<Output> trace) {
        this.connection = new Connection(address, token, trace);
    }

    /** The JSON at a path below {@code /api/v1}. */
    public String get(String path) {
        return text("GET", path, Optional.empty());
    }

    public String post(String path, Object body) {
        return text("POST", path, Optional.of(Json.write(body)));
    }

    public void delete(String path) {
        text("DELETE", path, Optional.empty());
    }

    /** Whether there is something at a path. */
    public boolean exists(String path) {
        Exchange exchange = new Exchange("HEAD", path);
        try {
            int status = exchange.status();
            if (status == 200 || status == 404) {
                return status == 200;
            }
            throw exchange.failure(status);
        } catch (IOException e) {
            throw connection.unreachable(e);
        }
    }

    /** The bytes at a path; the caller closes them. */
    public InputStream open(String path) {
        Exchange exchange = new Exchange("GET", path);
        try {
            exchange.requireSuccess();
            return exchange.http.getInputStream();
        } catch (IOException e) {
            throw connection.unreachable(e);
        }
    }

    /** Writes a body as it is sent. */
    @FunctionalInterface
    public interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Sends exactly as many bytes as said, without keeping them. */
    public void put(String path, long length, Body body) {
        Exchange exchange = new Exchange("PUT", path);
        try {
            exchange.http.setRequestProperty("Content-Type", "application/octet-stream");
            exchange.http.setFixedLengthStreamingMode(length);
            exchange.http.setDoOutput(true);
            exchange.send(body);
            exchange.requireSuccess();
        } catch (IOException e) {
            throw connection.unreachable(e);
        }
    }

    /** Sends a body whose length nobody knows yet, in chunks, as it is written. */
    void putStream(String path, Body body) {
        Exchange exchange = new Exchange("PUT", path);
        try {
            exchange.http.setRequestProperty("Content-Type", "application/octet-stream");
            exchange.http.setChunkedStreamingMode(0);
            exchange.http.setDoOutput(true);
            exchange.send(body);
            exchange.requireSuccess();
        } catch (IOException e) {
            throw connection.unreachable(e);
        }
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

    private String text(String method, String path, Optional<String> body) {
        Exchange exchange = new Exchange(method, path);
        try {
            if (body.isPresent()) {
                byte[] bytes = body.get().getBytes(StandardCharsets.UTF_8);
                exchange.http.setRequestProperty("Content-Type", "application/json");
                exchange.http.setFixedLengthStreamingMode(bytes.length);
                exchange.http.setDoOutput(true);
                exchange.send(out -> out.write(bytes));
            }
            exchange.requireSuccess();
            try (InputStream in = exchange.http.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw connection.unreachable(e);
        }
    }

    /** One request and its answer. */
    private final class Exchange {
        private final String method;
        private final String path;
        private final long started = System.nanoTime();
        private final HttpURLConnection http;

        Exchange(String method, String path) {
            this.method = method;
            this.path = API + path;
            String authorization = connection.authorization();
            try {
                http = (HttpURLConnection) connection.uri(this.path).toURL().openConnection(Proxy.NO_PROXY);
                http.setRequestMethod(method);
            } catch (IOException e) {
                throw connection.unreachable(e);
            }
            http.setConnectTimeout(CONNECT_MILLIS);
            http.setInstanceFollowRedirects(false);
            http.setRequestProperty("Authorization", authorization);
            http.setRequestProperty("Accept", "application/json");
            http.setRequestProperty("Connection", "close");
        }

        /** Sends the body. A daemon that answers before it has read all of it has a reason, which the status then tells. */
        void send(Body body) throws IOException {
            OutputStream out = http.getOutputStream();
            try (out) {
                body.writeTo(out);
            } catch (IOException e) {
                if (http.getResponseCode() < 400) {
                    throw e;
                }
            }
        }

        int status() throws IOException {
            int status;
            try {
                status = http.getResponseCode();
            } catch (HttpRetryException e) {
                // What a 401 to a streamed body becomes: the answer's own text is lost.
                status = e.responseCode();
            }
            connection.trace(method, path, status, started);
            return status;
        }

        void requireSuccess() throws IOException {
            int status = status();
            if (status < 200 || status > 299) {
                throw failure(status);
            }
        }

        BrockerException failure(int status) throws IOException {
            InputStream in = http.getErrorStream();
            if (in != null && String.valueOf(http.getContentType()).startsWith(Problem.MEDIA_TYPE)) {
                try (in) {
                    String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                    return Json.read("the daemon's answer", text, Problem.class).toException();
                }
            }
            if (status == 401) {
                return new BrockerException.Unauthorized(
                        "unauthorized",
                        "the daemon at \"" + connection.address() + "\" does not accept the token",
                        "the daemon's own is in its run directory, \"/run/brocker/token\" where no --run-dir is given; see --token-file");
            }
            return new BrockerException.Host(
                    "unexpected-answer",
                    "what listens at \"" + connection.address() + "\" answered " + method + " \"" + path
                            + "\" with status " + status,
                    "is it brockerd?");
        }
    }
}
