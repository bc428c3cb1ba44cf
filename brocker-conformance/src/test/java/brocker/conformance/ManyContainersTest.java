package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Two hundred containers come and go. */
class ManyContainersTest {
    private static final int NUMBER = 200;
    private static final int AT_ONCE = 8;

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @Test
    void twoHundredContainersLeaveNothingBehind() {
        BROCKERD.addService("{\"name\": \"many\", \"bridge-ip\": \"10.78.0.1/22\"}");
        List<String> linksBefore = Host.linkNames();
        List<String> mountsBefore = Host.mounts();

        List<JsonNode> views = run(NUMBER);
        Set<String> names = strings(views, "name");
        assertThat(names).hasSize(NUMBER);
        assertThat(strings(views, "address")).hasSize(NUMBER);
        assertThat(strings(views, "interface")).hasSize(NUMBER);
        assertThat(Host.linkNames()).hasSize(linksBefore.size() + NUMBER).containsAll(strings(views, "interface"));
        assertThat(BROCKERD.rest().get("/api/v1/containers").json()).hasSize(NUMBER + 1);

        each(
                names,
                name -> BROCKERD.rest()
                        .post("/api/v1/containers/" + name + "/stop", "")
                        .succeeded());
        assertThat(Host.linkNames()).isEqualTo(linksBefore);
        assertThat(Host.mounts()).isEqualTo(mountsBefore);
        assertThat(Host.processesInGroup(BROCKERD.group()))
                .allMatch(pid -> !names.stream()
                        .anyMatch(name -> Host.read(pid, "cgroup").contains(name)));
        assertThat(BROCKERD.leftovers().childGroups())
                .noneMatch(group -> names.contains(group.getFileName().toString()));
        assertThat(BROCKERD.rest().get("/api/v1/containers").json()).hasSize(1);

        // The addresses are handed out again.
        assertThat(strings(run(3), "address")).isSubsetOf(strings(views, "address"));
        BROCKERD.client("service", "remove", "many").succeeded();
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    private static List<JsonNode> run(int number) {
        String body = "{\"service-name\": \"many\", %s}".formatted(Tool.template("sleep"));
        List<Integer> numbers =
                java.util.stream.IntStream.range(0, number).boxed().toList();
        return each(
                numbers,
                _ -> BROCKERD.rest()
                        .post("/api/v1/containers", body)
                        .succeeded()
                        .json());
    }

    private static <A, B> List<B> each(Iterable<A> inputs, Function<A, B> work) {
        try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<B>> futures = new ArrayList<>();
            inputs.forEach(input -> futures.add(pool.submit(() -> work.apply(input))));
            List<B> results = new ArrayList<>();
            for (Future<B> future : futures) {
                Await.until("an answer", Duration.ofSeconds(60), future::isDone);
                results.add(future.resultNow());
            }
            return results;
        }
    }

    private static Set<String> strings(List<JsonNode> views, String key) {
        Set<String> values = new TreeSet<>();
        views.forEach(view -> values.add(view.path(key).asString()));
        return values;
    }
}
