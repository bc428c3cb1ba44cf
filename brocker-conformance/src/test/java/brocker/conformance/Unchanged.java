package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** That a refused request has left nothing of what it wanted. */
final class Unchanged {
    private Unchanged() {}

    /** Only these services are there, and on the host only what their containers need. */
    static void assertOnly(Brockerd daemon, String... services) {
        List<JsonNode> listed =
                daemon.rest().get("/api/v1/services").json().values().stream().toList();
        assertThat(listed.stream().map(service -> service.path("name").asString()))
                .containsExactlyInAnyOrder(services);
        List<JsonNode> containers = daemon.rest().get("/api/v1/containers?all=true").json().values().stream()
                .toList();
        List<String> names = containers.stream()
                .map(view -> view.path("name").asString())
                .sorted()
                .toList();
        List<JsonNode> living = containers.stream()
                .filter(view -> !view.path("state").asString().equals("exited"))
                .toList();
        assertThat(Host.linkNames().stream().filter(link -> link.matches("brocker\\d+")))
                .hasSize(services.length);
        assertThat(Host.linkNames().stream().filter(link -> link.startsWith("veth")))
                .containsExactlyInAnyOrderElementsOf(living.stream()
                        .map(view -> view.path("interface").asString())
                        .toList());
        daemon.awaitRemoved();
        assertThat(Host.entries(daemon.containers())).isEqualTo(names);
        assertThat(Host.entries(daemon.state().resolve("containers"))).isEqualTo(names);
        assertThat(Host.entries(daemon.state().resolve("proxies"))).containsExactlyInAnyOrder(services);
        assertThat(daemon.leftovers().rows("containers")).containsExactlyInAnyOrderElementsOf(names);
        assertThat(daemon.leftovers().rows("services")).containsExactlyInAnyOrder(services);
        assertThat(Host.groups(daemon.group()).stream()
                        .flatMap(group -> Host.entries(group).stream())
                        .filter(name -> name.matches("[0-9a-f]{40}"))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(living.stream()
                        .map(view -> view.path("name").asString())
                        .toList());
    }
}
