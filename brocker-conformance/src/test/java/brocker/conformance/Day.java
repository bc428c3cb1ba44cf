package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A day in the life of one service: it is added, containers are run, restarted, stopped and removed, it is scaled, deployed, deployed in vain and
 * removed.
 * The daemon may die at any moment of it. What was acknowledged is remembered, and afterwards held against the store, the kernel and the
 * proxy's configuration.
 */
final class Day {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final String NAME = "day";
    private static final Pattern SERVER = Pattern.compile("^\\s*server (\\S+):9000 ");

    private final Brockerd daemon;
    private final int port = Brockerd.freePort();
    private final Rest rest;

    /** Acknowledged as running, with the PID that was told; nobody has asked for their end. */
    private final Map<String, Long> running = new TreeMap<>();

    private final Set<String> stopped = new TreeSet<>();
    private final Set<String> removed = new TreeSet<>();
    private final Set<Integer> replicas = new HashSet<>(Set.of(0));
    private boolean added;
    private boolean removalAsked;
    private boolean gone;
    private boolean deployed;

    /** The daemon is not there any more. */
    static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1;

        Died(Throwable cause) {
            super(cause);
        }
    }

    Day(Brockerd daemon) {
        this.daemon = daemon;
        this.rest = daemon.rest();
    }

    /**
     * Lives through it.
     *
     * @throws Died when the daemon does
     */
    void live() {
        replicas.add(1);
        post("/api/v1/services", spec("serve 9000", 1));
        added = true;
        replicas.remove(0);
        String first = run();
        String second = run();
        awaitReady(3);
        running.remove(first);
        JsonNode again = post("/api/v1/containers/" + first + "/restart", "{}");
        running.put(first, again.path("pid").asLong());
        patch("/api/v1/containers/" + first, "{\"memory\": \"48m\"}");
        running.remove(second);
        post("/api/v1/containers/" + second + "/stop", "{}");
        stopped.add(second);
        call("DELETE", "/api/v1/containers/" + second);
        stopped.remove(second);
        removed.add(second);
        replicas.add(2);
        post("/api/v1/services/day/scale", "{\"replicas\": 2}");
        replicas.remove(1);
        awaitReady(3);
        post("/api/v1/services/day/deploy", spec("serve 9000 20", 2));
        deployed = true;
        await("the deployment is done", () -> revisions("deploying").isEmpty());
        post("/api/v1/services/day/deploy", spec("exit 3", 2));
        await("the next one is given up", () -> revisions("deploying").isEmpty());
        replicas.add(1);
        post("/api/v1/services/day/scale", "{\"replicas\": 1}");
        replicas.remove(2);
        removalAsked = true;
        call("DELETE", "/api/v1/services/day");
        gone = true;
    }

    /** Whether a daemon that was started after the last one died has everything as it should be; waits until it has. */
    void assertRepaired() {
        Await.until("what was begun is finished", LONGEST, () -> {
            Optional<JsonNode> service = service();
            return service.isEmpty()
                    || (!removalAskedAndNoted()
                            && revisions("deploying").isEmpty()
                            && service.get().path("ready").asInt()
                                    == service.get().path("desired").asInt()
                            && living().stream()
                                    .noneMatch(view ->
                                            !view.path("state").asString().equals("running")));
        });
        Optional<JsonNode> service = service();
        if (added && !removalAsked) {
            assertThat(service).as("a service that was acknowledged").isPresent();
        }
        if (gone) {
            assertThat(service).as("a service whose removal was acknowledged").isEmpty();
        }
        service.ifPresent(_ -> assertContainers());
        Await.until(
                "the proxy sends requests to those that are ready",
                LONGEST,
                () -> configured().equals(addressesOfReady()));
        assertKernel();
    }

    /** Takes the service away, where it is there. */
    void end() {
        if (service().isPresent()) {
            call("DELETE", "/api/v1/services/day");
        }
    }

    private boolean removalAskedAndNoted() {
        return removalAsked && rowsOfRemoving();
    }

    private boolean rowsOfRemoving() {
        return daemon.leftovers().rows("services WHERE removing").contains(NAME);
    }

    private void assertContainers() {
        Map<String, Long> living = new TreeMap<>();
        living().forEach(view ->
                living.put(view.path("name").asString(), view.path("pid").asLong()));
        if (!removalAsked) {
            assertThat(living)
                    .as("the containers that were acknowledged as running, with their PID 1")
                    .containsAllEntriesOf(running);
        }
        assertThat(stopped).as("stopped containers that live").noneMatch(living::containsKey);
        Set<String> known = new TreeSet<>();
        daemon.containers(NAME).forEach(view -> known.add(view.path("name").asString()));
        assertThat(removed).as("removed containers that are known").noneMatch(known::contains);
        List<JsonNode> own = living().stream()
                .filter(view -> view.path("role").asString().equals("replica"))
                .toList();
        assertThat(replicas).as("replicas").contains(own.size());
        Set<Integer> revisions = new HashSet<>();
        own.forEach(view -> revisions.add(view.path("revision").asInt()));
        assertThat(revisions).as("revisions of the replicas").hasSizeLessThanOrEqualTo(1);
        if (deployed) {
            assertThat(revisions).doesNotContain(1);
        }
    }

    /** Store = kernel: nothing is there that no service or container owns. */
    private void assertKernel() {
        List<String> names = new ArrayList<>();
        List<String> veths = new ArrayList<>();
        Set<String> addresses = new HashSet<>();
        for (JsonNode view : living()) {
            names.add(view.path("name").asString());
            veths.add(view.path("interface").asString());
            assertThat(addresses.add(view.path("address").asString()))
                    .as("an address of its own")
                    .isTrue();
        }
        List<String> bridges =
                service().map(view -> List.of(view.path("bridge").asString())).orElse(List.of());
        assertThat(Host.linkNames().stream().filter(link -> link.startsWith("brocker")))
                .as("bridges")
                .containsExactlyInAnyOrderElementsOf(bridges);
        assertThat(Host.linkNames().stream().filter(link -> link.startsWith("veth")))
                .as("ends of veth pairs")
                .containsExactlyInAnyOrderElementsOf(veths);
        assertThat(daemon.leftovers().childGroups().stream()
                        .map(group -> group.getFileName().toString())
                        .distinct())
                .as("control groups")
                .containsExactlyInAnyOrderElementsOf(names);
        for (JsonNode view : living()) {
            if (view.path("limits").has("memory")) {
                assertThat(memoryOf(view.path("name").asString()))
                        .as("the memory that the kernel lets it have")
                        .containsExactly("50331648");
            }
        }
        List<String> known = daemon.containers(NAME).stream()
                .map(view -> view.path("name").asString())
                .toList();
        daemon.awaitRemoved();
        assertThat(Host.entries(daemon.containers()))
                .as("directories of containers")
                .containsExactlyInAnyOrderElementsOf(known);
        assertThat(Host.entries(daemon.state().resolve("containers")))
                .as("records of containers")
                .containsExactlyInAnyOrderElementsOf(known);
    }

    private List<String> memoryOf(String name) {
        return daemon.leftovers().childGroups().stream()
                .filter(group -> group.getFileName().toString().equals(name))
                .flatMap(group -> Stream.of(group.resolve("memory.limit_in_bytes"), group.resolve("memory.max")))
                .filter(Files::exists)
                .map(file -> Host.lines(file).getFirst())
                .toList();
    }

    private Set<String> configured() {
        Path file = daemon.state().resolve("proxies").resolve(NAME).resolve("nginx.conf");
        Set<String> servers = new TreeSet<>();
        if (service().isPresent()) {
            for (String line : Host.lines(file)) {
                Matcher matcher = SERVER.matcher(line);
                if (matcher.find()) {
                    servers.add(matcher.group(1));
                }
            }
        }
        return servers;
    }

    private Set<String> addressesOfReady() {
        Set<String> ready = new TreeSet<>();
        for (JsonNode view : living()) {
            if (view.path("ready").asBoolean() && !view.path("role").asString().equals("proxy")) {
                ready.add(view.path("address").asString());
            }
        }
        return ready;
    }

    private List<JsonNode> living() {
        return daemon.containers(NAME).stream()
                .filter(view -> !view.path("state").asString().equals("exited"))
                .toList();
    }

    private Optional<JsonNode> service() {
        Rest.Answer answer = rest.get("/api/v1/services/" + NAME);
        return answer.status() == 404
                ? Optional.empty()
                : Optional.of(answer.succeeded().json());
    }

    private List<Integer> revisions(String state) {
        return service().stream()
                .flatMap(view -> view.path("revisions").valueStream())
                .filter(revision -> revision.path("state").asString().equals(state))
                .map(revision -> revision.path("number").asInt())
                .toList();
    }

    private String run() {
        JsonNode view =
                post("/api/v1/containers", "{\"service-name\": \"day\", %s}".formatted(Tool.template("serve 9000")));
        String name = view.path("name").asString();
        running.put(name, view.path("pid").asLong());
        return name;
    }

    private void awaitReady(int number) {
        await(number + " are ready", () -> service().orElseThrow().path("ready").asInt() == number);
    }

    private void await(String what, BooleanSupplier done) {
        try {
            Await.until(what, LONGEST, done);
        } catch (UncheckedIOException e) {
            throw new Died(e);
        }
    }

    private JsonNode post(String path, String body) {
        try {
            return rest.post(path, body).succeeded().json();
        } catch (UncheckedIOException e) {
            throw new Died(e);
        }
    }

    private void patch(String path, String body) {
        try {
            rest.send("PATCH", path, java.net.http.HttpRequest.BodyPublishers.ofString(body))
                    .succeeded();
        } catch (UncheckedIOException e) {
            throw new Died(e);
        }
    }

    private void call(String method, String path) {
        try {
            rest.send(method, path, java.net.http.HttpRequest.BodyPublishers.noBody())
                    .succeeded();
        } catch (UncheckedIOException e) {
            throw new Died(e);
        }
    }

    private String spec(String command, int number) {
        return """
                {"name": "day", "publish": "127.0.0.1:%d", "port": 9000, "replicas": %d, "container": {%s}}""".formatted(port, number, Tool.template(command));
    }
}
