import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests a second through a service's published port; through the same nginx with the same configuration and without Brocker, in the
 * host's network; and through it with a plain configuration: to the same two containers, in turns.
 */
final class Throughput implements AutoCloseable {
    private static final String SERVICE = "throughput";
    private static final int PUBLISHED = 8080;
    private static final int ALONE = 8081;
    private static final int PLAIN = 8082;
    private static final int ROUNDS = 12;
    private static final int SECONDS = 3;
    private static final Pattern RATE = Pattern.compile("Requests/sec: +([0-9.]+)");
    private static final Pattern FAILED = Pattern.compile("Non-2xx|Socket errors");
    private static final Pattern REPLICA = Pattern.compile("\"address\" *: *\"([0-9.]+)\"");
    private static final Pattern READY = Pattern.compile("\"ready\" *: *(\\d+)");

    private final Path work;
    private final Daemon daemon;
    private final String name;
    private final int warmUp;
    private final List<Process> references = new ArrayList<>();

    /**
     * Starts the nginxes and what is behind them.
     *
     * @param name of the row
     * @param command of the backend, as containers see it; listens on 8080
     * @param warmUp rounds that do not count
     */
    Throughput(Path work, Daemon daemon, String name, String command, int warmUp) throws IOException, InterruptedException {
        this.work = work;
        this.daemon = daemon;
        this.name = name;
        this.warmUp = warmUp;
        daemon.post("services", """
                {"name": "%s", "bridge-ip": "10.201.0.1", "publish": "127.0.0.1:%d", "replicas": 2,
                 "container": {"command": "%s"}}""".formatted(SERVICE, PUBLISHED, command));
        await("two ready containers", () -> {
            Matcher ready = READY.matcher(daemon.get("services/" + SERVICE).body());
            return ready.find() && ready.group(1).equals("2");
        });
        start("alone", ALONE, alone());
        start("plain", PLAIN, plain());
    }

    private void start(String directory, int port, String configuration) throws IOException, InterruptedException {
        Path file = Files.writeString(directory(directory).resolve("nginx.conf"), configuration);
        references.add(new ProcessBuilder("/usr/sbin/nginx", "-e", "stderr", "-c", file.toString()).inheritIO().start());
        await("the nginx of \"" + file + "\"", () -> answers(port));
    }

    private Path directory(String name) throws IOException {
        return Files.createDirectories(work.resolve(name));
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(String what, Condition condition) throws IOException, InterruptedException {
        for (int tries = 0; !condition.holds(); tries++) {
            if (tries > 2000) {
                throw new IOException("in vain: " + what);
            }
            Thread.sleep(20);
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** What the service's nginx does, without whom it reports to, with a socket and files of its own. */
    private String alone() throws IOException {
        String directory = directory("alone").toString();
        return configuration()
                .replaceFirst("\\n *access_log syslog:[^;]*;", "")
                .replaceFirst("\\nuser [^;]*;", "\nuser root;")
                .replaceAll("\\n *listen [^;]*;", "")
                .replace("server {", "server {\n        listen 127.0.0.1:" + ALONE + ";")
                .replace("/dev/stdout", directory + "/access.log")
                .replace("/run/nginx.pid", directory + "/nginx.pid")
                .replace("/app/", directory + "/")
                .replace("/etc/nginx/", directory + "/");
    }

    /** As somebody would write it who has two backends and wants them proxied well. */
    private String plain() throws IOException {
        StringBuilder servers = new StringBuilder();
        Matcher addresses = REPLICA.matcher(daemon.get("containers").body());
        while (addresses.find()) {
            if (addresses.group(1).startsWith("10.201.0.") && !addresses.group(1).equals("10.201.0.2")) {
                servers.append("server ").append(addresses.group(1)).append(":8080; ");
            }
        }
        Path directory = directory("plain");
        return """
                worker_processes %1$d;
                daemon off;
                pid %2$s/nginx.pid;
                error_log %2$s/error.log warn;
                events { worker_connections 8192; }
                http {
                    access_log %2$s/access.log;
                    tcp_nodelay on;
                    client_body_temp_path %2$s/body;
                    proxy_temp_path %2$s/proxy;
                    fastcgi_temp_path %2$s/fastcgi;
                    uwsgi_temp_path %2$s/uwsgi;
                    scgi_temp_path %2$s/scgi;
                    upstream application { zone application 256k; least_conn; %3$s keepalive 64; }
                    server {
                        listen 127.0.0.1:%4$d;
                        location / {
                            proxy_pass http://application;
                            proxy_http_version 1.1;
                            proxy_set_header Connection "";
                            proxy_set_header Host $http_host;
                            proxy_set_header X-Real-IP $remote_addr;
                            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                            proxy_set_header X-Forwarded-Proto $scheme;
                        }
                    }
                }
                """.formatted(workers(), directory, servers, PLAIN);
    }

    /** As many as the service's nginx has. */
    private int workers() throws IOException {
        Matcher number = Pattern.compile("worker_processes +(\\d+);").matcher(configuration());
        if (!number.find()) {
            throw new IOException("no \"worker_processes\" in the configuration of \"" + SERVICE + "\"");
        }
        return Integer.parseInt(number.group(1));
    }

    private String configuration() throws IOException {
        return Files.readString(work.resolve("state/proxies/" + SERVICE + "/nginx.conf"));
    }

    /** Beside the same nginx alone, and beside the plain one; who begins changes with every round. */
    List<Bench.Compared> measure() throws IOException, InterruptedException {
        Map<Integer, Series> series = new LinkedHashMap<>();
        series.put(PUBLISHED, new Series(name, "/s"));
        series.put(ALONE, new Series("the same nginx alone", "/s"));
        series.put(PLAIN, new Series("a plain nginx", "/s"));
        List<Integer> ports = new ArrayList<>(series.keySet());
        for (int round = 0; round < warmUp + ROUNDS; round++) {
            for (int port : ports) {
                double rate = wrk(port, SECONDS);
                if (round >= warmUp) {
                    series.get(port).add(rate);
                }
            }
            Collections.rotate(ports, 1);
        }
        return List.of(
                new Bench.Compared(series.get(PUBLISHED), series.get(ALONE)),
                new Bench.Compared(series.get(PUBLISHED), series.get(PLAIN)));
    }

    private static double wrk(int port, int seconds) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "wrk", "--threads", "1", "--connections", "32", "--duration", seconds + "s",
                        "http://127.0.0.1:" + port + "/")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher rate = RATE.matcher(said);
        if (process.waitFor() != 0 || !rate.find() || FAILED.matcher(said).find()) {
            throw new IOException("wrk at port " + port + ": " + said);
        }
        return Double.parseDouble(rate.group(1));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (Process nginx : references) {
            nginx.destroy();
            if (!nginx.waitFor(10, TimeUnit.SECONDS)) {
                nginx.destroyForcibly();
            }
        }
        daemon.delete("services/" + SERVICE);
    }
}
