package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import tools.jackson.databind.JsonNode;

/**
 * A daemon of the built distribution with directories, port and control group of its own, for one test class. In the end every
 * service is removed and the daemon stopped, and whatever is left then on the host fails the class.
 */
final class Brockerd implements BeforeAllCallback, AfterAllCallback {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final int port = freePort();
    private final String group =
            "brocker-conformance-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
    private final Path work = Path.of(System.getProperty("java.io.tmpdir"), group);
    private @Nullable Leftovers leftovers;
    private @Nullable Process process;

    @Override
    public void beforeAll(ExtensionContext context) {
        Host.requireNoUplink();
        try {
            Files.createDirectories(work.resolve("tmp"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        leftovers = new Leftovers(this);
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (leftovers == null) {
            return;
        }
        try {
            if (!process().isAlive()) {
                start();
            }
            for (JsonNode service : rest().get("/api/v1/services").json()) {
                client("service", "remove", service.path("name").asString()).succeeded();
            }
            Rest.Answer services = rest().get("/api/v1/services");
            assertThat(services.body()).isEqualTo("[]");
            awaitRemoved();
            assertThat(stop()).as("exit code of brockerd").isZero();
            leftovers.assertNone();
            leftovers.forget();
        } catch (AssertionError | RuntimeException e) {
            System.err.println("--- brockerd of " + context.getDisplayName() + "\n" + log());
            kill();
            leftovers.removeByForce();
            throw e;
        }
    }

    private Process process() {
        return Objects.requireNonNull(process, "brockerd was not started");
    }

    Leftovers leftovers() {
        return Objects.requireNonNull(leftovers, "brockerd was not started");
    }

    Path work() {
        return work;
    }

    Path containers() {
        return work.resolve("container");
    }

    Path state() {
        return work.resolve("state");
    }

    Path token() {
        return work.resolve("run/token");
    }

    Path socket() {
        return work.resolve("run/brockerd.sock");
    }

    String group() {
        return group;
    }

    int port() {
        return port;
    }

    long pid() {
        return process().pid();
    }

    String log() {
        return String.join("\n", Host.lines(work.resolve("brockerd.log")));
    }

    /** Waits until the files of forgotten containers are removed, which is done in the background. */
    void awaitRemoved() {
        Await.until(
                "the files of forgotten containers are removed",
                Duration.ofSeconds(30),
                () -> Stream.of(containers(), state().resolve("containers"))
                        .noneMatch(place -> Host.entries(place).contains(".removing")));
    }

    /** Ends it as an administrator would. Gives its exit code. */
    int stop() {
        process().destroy();
        return awaitExit();
    }

    /** Ends it as the kernel would when memory runs out. */
    void kill() {
        process().destroyForcibly();
        awaitExit();
    }

    /** Starts it, or another one after it has ended, with further options of the JVM, and waits until it serves. */
    void start(String... options) {
        startBy(List.of(), options);
    }

    /** Starts it without waiting, for a daemon that is not to serve. */
    void launch(String... options) {
        process = launch(List.of(), options);
    }

    /** The same by another program, such as {@code env}, which becomes it. */
    void startBy(List<String> program, String... options) {
        process = launch(program, options);
        awaitService();
    }

    /** Whether it ends by itself within this time. */
    boolean endsWithin(Duration time) {
        try {
            return process().waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs the client against this daemon, to its end. */
    Outcome client(String... arguments) {
        return client(new byte[0], arguments);
    }

    Outcome client(byte[] stdin, String... arguments) {
        return Outcome.run(Outcome.command(Distribution.program("brocker-client"), arguments), clientEnv(), stdin);
    }

    Map<String, String> clientEnv() {
        return Map.of(
                "BROCKER_HOST",
                "http://127.0.0.1:" + port,
                "BROCKER_TOKEN_FILE",
                token().toString(),
                "BROCKER_TOKEN",
                "",
                "BROCKER_JAVA_OPTIONS",
                javaOptions());
    }

    Rest rest() {
        return new Rest(port, Host.lines(token()).getFirst());
    }

    /** Waits until another process has asked it for something that takes long. */
    void awaitPatientClient() {
        Await.until("a client waits for brockerd", Duration.ofSeconds(20), () -> {
            Set<String> before = clients();
            Await.pause(Duration.ofMillis(500));
            return clients().stream().anyMatch(before::contains);
        });
    }

    /** The ends of its connections that other processes have, see {@code proc_net(5)}; this one keeps idle ones. */
    private Set<String> clients() {
        String remote = String.format(Locale.ROOT, ":%04X", port);
        Set<String> own = Host.sockets();
        return Stream.of("tcp", "tcp6")
                .flatMap(table -> Host.lines(Path.of("/proc/net", table)).stream())
                .map(line -> line.strip().split(" +", -1))
                .filter(fields -> fields[2].endsWith(remote) && fields[3].equals("01") && !own.contains(fields[9]))
                .map(fields -> fields[1])
                .collect(Collectors.toSet());
    }

    /** Writes a file for the client to read. */
    Path file(String name, String text) {
        try {
            return Files.writeString(work.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a service by the client. */
    void addService(String json) {
        client("service", "add", file("service.json", json).toString()).succeeded();
    }

    /** Runs {@code tool} with arguments in a service, by the client; further keys may follow. Gives the name. */
    String runTool(String service, String arguments, String... keys) {
        return run(service, Tool.template(arguments), keys);
    }

    /** Runs {@code probe} with arguments in a service, by the client; further keys may follow. Gives the name. */
    String runProbe(String service, String arguments, String... keys) {
        return run(service, Probe.template(arguments), keys);
    }

    private String run(String service, String template, String... keys) {
        String more = Stream.of(keys).map(key -> ", " + key).collect(Collectors.joining());
        String json = "{\"service-name\": \"%s\", %s%s}".formatted(service, template, more);
        return client("container", "run", file("container.json", json).toString())
                .succeeded()
                .stdout()
                .strip();
    }

    JsonNode inspect(String name) {
        return Rest.parse(client("container", "inspect", name).succeeded().stdout());
    }

    /** Everything that is known of the containers, ended ones as well, without a client. */
    List<JsonNode> containers(String service) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode view : rest().get("/api/v1/containers?all=true").json()) {
            if (view.path("service").asString().equals(service)) {
                found.add(view);
            }
        }
        return found;
    }

    /** Those of a service's containers, living or ended, that it started itself. */
    List<JsonNode> replicas(String service) {
        return containers(service).stream()
                .filter(view -> view.path("role").asString().equals("replica"))
                .toList();
    }

    /** Whether a deployment of a service is under way. */
    boolean isDeploying(String service) {
        return service(service)
                .path("revisions")
                .valueStream()
                .anyMatch(revision -> revision.path("state").asString().equals("deploying"));
    }

    JsonNode view(String name) {
        return rest().get("/api/v1/containers/" + name).succeeded().json();
    }

    JsonNode service(String name) {
        return rest().get("/api/v1/services/" + name).succeeded().json();
    }

    /** Waits until a service has so many ready containers. */
    void awaitReady(String service, int number) {
        Await.until(service + " has " + number + " ready containers", Duration.ofSeconds(30), () -> {
            int ready = service(service).path("ready").asInt();
            return ready == number;
        });
    }

    /** Waits until a container has ended, and gives its exit code. */
    int awaitExit(String name) {
        Await.until(
                name + " has ended",
                Duration.ofSeconds(20),
                () -> view(name).path("state").asString().equals("exited"));
        return view(name).path("exit-code").asInt();
    }

    /** The host's id of the command that a container's PID 1 runs. */
    long commandPid(String name) {
        long init = view(name).path("pid").asLong();
        List<Long> children = Host.children(init);
        assertThat(children).as("children of PID 1 of " + name).hasSize(1);
        return children.getFirst();
    }

    /** Kills the command that a container's PID 1 runs, and waits until it is gone. */
    void killCommand(String name) {
        long pid = commandPid(name);
        Outcome.of("kill", "-KILL", String.valueOf(pid));
        Await.until(
                name + " is gone",
                Duration.ofSeconds(20),
                () -> ProcessHandle.of(pid).isEmpty());
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command line that this daemon was started with. */
    List<String> commandLine() {
        return Outcome.command(
                Distribution.program("brockerd"),
                "--listen",
                "127.0.0.1:" + port,
                "--container-dir",
                containers().toString(),
                "--state-dir",
                state().toString(),
                "--run-dir",
                work.resolve("run").toString(),
                "--cgroup-parent",
                group);
    }

    /** Those of every program here; for a machine of its own kind there may be more, in the property {@code brocker.java-options}. */
    private String javaOptions() {
        return "-Djava.io.tmpdir=" + work.resolve("tmp") + " " + System.getProperty("brocker.java-options", "");
    }

    private Process launch(List<String> program, String... options) {
        List<String> words = new ArrayList<>(program);
        words.addAll(commandLine());
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put("BROCKER_JAVA_OPTIONS", javaOptions() + " " + String.join(" ", options));
        builder.redirectErrorStream(true);
        builder.redirectOutput(
                ProcessBuilder.Redirect.appendTo(work.resolve("brockerd.log").toFile()));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitService() {
        Await.until("brockerd serves", Duration.ofSeconds(20), () -> {
            assertThat(process().isAlive())
                    .as("brockerd is alive; it said: %s", log())
                    .isTrue();
            return serves();
        });
    }

    /** Whether it answers, be it that a token is missing: it listens before it serves. */
    private boolean serves() {
        try (Wire wire = Wire.to(Wire.tcp(port))) {
            return wire.say("GET /api/v1/health HTTP/1.1\r\nHost: brockerd\r\nConnection: close\r\n\r\n")
                    && wire.hear(Duration.ofSeconds(20)).startsWith("HTTP/1.1 ");
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private int awaitExit() {
        try {
            Duration longest = Await.patient(Duration.ofSeconds(20));
            if (!process().waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("brockerd did not end within " + longest + "; it said: " + log());
            }
            return process().exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
