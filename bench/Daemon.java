import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The brockerd that is measured, with directories of its own. Used by one thread. */
final class Daemon implements AutoCloseable {
    private static final String API = "http://127.0.0.1:3000/api/v1/";
    private static final long START_LIMIT = TimeUnit.SECONDS.toNanos(30);
    private static final long POLL = TimeUnit.MICROSECONDS.toNanos(500);
    private static final Pattern START = Pattern.compile("start;dur=([0-9.]+)");

    private final Path work;
    private final ProcessBuilder command;
    private Process process;

    /** An answer of the daemon, and how long it took, in milliseconds. */
    record Answer(String body, String timing, double millis) {
        /** From request to exec of the command, as the daemon saw it, in milliseconds. */
        double start() {
            return Double.parseDouble(first(START, timing));
        }

        String name() {
            return text("name");
        }

        long pid() {
            return Long.parseLong(first(Pattern.compile("\"pid\" *: *(\\d+)"), body));
        }

        private String text(String key) {
            return first(Pattern.compile("\"" + key + "\" *: *\"([^\"]*)\""), body);
        }

        private static String first(Pattern pattern, String text) {
            Matcher matcher = pattern.matcher(text);
            if (!matcher.find()) {
                throw new IllegalStateException("no " + pattern + " in: " + text);
            }
            return matcher.group(1);
        }
    }

    /** Starts the first one; its time is not to be used, since this program's own classes are loaded meanwhile. */
    Daemon(Path work, String group) throws IOException, InterruptedException {
        this.work = work;
        command = new ProcessBuilder(
                        work + "/dist/bin/brockerd",
                        "--listen", "127.0.0.1:3000",
                        "--container-dir", work + "/container",
                        "--state-dir", work + "/state",
                        "--run-dir", work + "/run",
                        "--cgroup-parent", group)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(work.resolve("brockerd.log").toFile()));
        process = command.start();
        awaitHealth();
    }

    /** Ends it and starts another. Gives the milliseconds from exec to the first successful answer of {@code health}. */
    double restart() throws IOException, InterruptedException {
        close();
        long begin = System.nanoTime();
        process = command.start();
        awaitHealth();
        return (System.nanoTime() - begin) / 1e6;
    }

    long pid() {
        return process.pid();
    }

    Answer get(String path) throws IOException {
        return request("GET", path, "");
    }

    Answer post(String path, String body) throws IOException {
        return request("POST", path, body);
    }

    Answer delete(String path) throws IOException {
        return request("DELETE", path, "");
    }

    /** Containers stay. */
    @Override
    public void close() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("brockerd did not end within 20 s; it said: " + log());
        }
    }

    private void awaitHealth() throws IOException {
        long begin = System.nanoTime();
        while (!healthy()) {
            if (!process.isAlive() || System.nanoTime() - begin > START_LIMIT) {
                throw new IOException("brockerd does not serve; it said: " + log());
            }
            LockSupport.parkNanos(POLL);
        }
    }

    /** Before it listens the connection is refused; that is the state which is waited out here, and the only one. */
    private boolean healthy() throws IOException {
        try {
            return Files.exists(work.resolve("run/token")) && get("health").body().contains("\"ok\"");
        } catch (ConnectException _) {
            return false;
        }
    }

    private Answer request(String method, String path, String body) throws IOException {
        long begin = System.nanoTime();
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(API + path).toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setReadTimeout(60_000);
        connection.setRequestProperty("Authorization", "Bearer " + token());
        if (!body.isEmpty()) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        }
        if (connection.getResponseCode() >= 400) {
            try (InputStream problem = connection.getErrorStream()) {
                throw new IOException(method + " " + path + ": " + text(problem));
            }
        }
        try (InputStream in = connection.getInputStream()) {
            String answer = text(in);
            double millis = (System.nanoTime() - begin) / 1e6;
            String timing = connection.getHeaderField("Server-Timing");
            return new Answer(answer, timing == null ? "" : timing, millis);
        }
    }

    private String token() throws IOException {
        return Files.readString(work.resolve("run/token")).strip();
    }

    private String log() throws IOException {
        return Files.readString(work.resolve("brockerd.log"));
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
}
