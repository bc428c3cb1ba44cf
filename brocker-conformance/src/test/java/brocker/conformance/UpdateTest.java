package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code container update}, and limits that cannot be. */
class UpdateTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static final List<String> LIMITED = List.of("memory.limit_in_bytes", "memory.max", "pids.max");

    @BeforeAll
    static void add() {
        BROCKERD.addService("{\"name\": \"limits\", \"bridge-ip\": \"10.77.10.1\"}");
    }

    /** What the kernel holds, of memory and processes. */
    private static List<String> held(String name) {
        return Host.groups(name).stream()
                .flatMap(group -> LIMITED.stream().map(group::resolve))
                .filter(Files::exists)
                .map(file -> Host.lines(file).getFirst())
                .sorted()
                .toList();
    }

    private static JsonNode limits(String name) {
        return BROCKERD.inspect(name).path("limits");
    }

    @Test
    void limitsOfARunningContainerChangeAndSurviveTheDaemon() {
        String name = BROCKERD.runTool("limits", "sleep", "\"memory\": \"64m\"");
        String answer = BROCKERD.client(
                        "container",
                        "update",
                        "--memory",
                        "96m",
                        "--pids",
                        "77",
                        "--cpus",
                        "0.5",
                        name.substring(0, 10))
                .succeeded()
                .stdout();

        assertThat(answer).isEqualTo(name + "\n");
        assertThat(held(name)).containsExactly("100663296", "77");
        BROCKERD.kill();
        BROCKERD.start();
        assertThat(limits(name)).isEqualTo(Rest.parse("{\"memory\": \"96m\", \"cpus\": 0.5, \"pids\": 77}"));
        assertThat(held(name)).containsExactly("100663296", "77");
        BROCKERD.client("container", "update", "--cpuset", "0", name).succeeded();
        assertThat(limits(name).path("cpuset").asString()).isEqualTo("0");
        assertThat(limits(name).path("pids").asInt()).isEqualTo(77);
        String allowed = BROCKERD.client(
                        "container", "exec", name, "/bin/grep", "Cpus_allowed_list", "/proc/self/status")
                .succeeded()
                .stdout();
        assertThat(allowed).endsWith("\t0\n");
    }

    @Test
    void proxyIsUpdatedAsWell() {
        String proxy = BROCKERD.service("limits").path("proxy").asString();
        BROCKERD.client("container", "update", "--memory", "128m", proxy).succeeded();

        assertThat(held(proxy)).containsExactly("134217728", "4096");
    }

    @Test
    void moreMemoryThanTheLimitInUseIsRefusedAndNothingChanges() {
        String json = """
                {"service-name": "limits", "memory": "128m",
                 "command": ["/bin/sh", "-c", "head -c 40000000 /dev/zero > /dev/shm/hog; touch /app/ready; sleep 600"]}
                """;
        String name = BROCKERD.client(
                        "container", "run", BROCKERD.file("hog.json", json).toString())
                .succeeded()
                .stdout()
                .strip();
        Await.until(
                "the memory is in use",
                Duration.ofSeconds(20),
                () -> Files.exists(BROCKERD.containers().resolve(name).resolve("ready")));

        BROCKERD.client("container", "update", "--memory", "16m", "--pids", "9", name)
                .failed(1)
                .saying("cannot limit memory to \"16m\"", "are in use")
                .hinting("more");
        assertThat(held(name)).containsExactly("134217728", "4096");
        assertThat(limits(name)).isEqualTo(Rest.parse("{\"memory\": \"128m\", \"pids\": 4096}"));
        assertThat(BROCKERD.view(name).path("state").asString()).isEqualTo("running");
    }

    @Test
    void endedOrUnknownContainerIsRefused() {
        String name = BROCKERD.runTool("limits", "exit 0");
        BROCKERD.awaitExit(name);

        BROCKERD.client("container", "update", "--memory", "1g", name)
                .failed(1)
                .saying("\"" + name.substring(0, 12) + "\" is not running");
        BROCKERD.client("container", "update", "--memory", "1g", "ffffffffffff")
                .failed(1)
                .saying("there is no container \"ffffffffffff\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--memory | 900t  | memory \"900t\" is more than the",
                "--cpus   | 1000  | cpus \"1000\" is more than the",
                "--pids   | 4194304 | pids \"4194304\" is more than the",
                "--cpuset | 0,4000 | cpuset \"0,4000\": this host has no processor 4000"
            })
    void moreThanTheHostHasIsRefused(String option, String value, String message) {
        String name = BROCKERD.runTool("limits", "sleep");
        JsonNode before = limits(name);

        BROCKERD.client("container", "update", option, value, name).failed(1).saying(message);
        assertThat(limits(name)).isEqualTo(before);
        String key = option.substring(2);
        String quoted = key.equals("pids") || key.equals("cpus") ? value : "\"" + value + "\"";
        String json = "{\"service-name\": \"limits\", %s, \"%s\": %s}".formatted(Tool.template("sleep"), key, quoted);
        BROCKERD.client("container", "run", BROCKERD.file("c.json", json).toString())
                .failed(1)
                .saying(message);
        String service = "{\"name\": \"beyond\", \"container\": {%s, \"%s\": %s}}"
                .formatted(Tool.template("sleep"), key, quoted);
        BROCKERD.client("service", "add", BROCKERD.file("s.json", service).toString())
                .failed(1)
                .saying(message);
        assertThat(BROCKERD.client("service", "list", "-q").stdout()).doesNotContain("beyond");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                     | missing-key",
                "{\"memory\":\"1k\"}      | invalid-memory",
                "{\"memory\":512}         | wrong-type",
                "{\"cpus\":0}             | invalid-cpus",
                "{\"cpus\":-1}            | invalid-cpus",
                "{\"pids\":1}             | invalid-pids",
                "{\"cpuset\":\"1-0\"}     | invalid-cpuset",
                "{\"memroy\":\"1g\"}      | unknown-key"
            })
    void requestThatCannotBeIsRefused(String body, String code) {
        String name = BROCKERD.runTool("limits", "sleep");
        Rest.Answer answer =
                BROCKERD.rest().send("PATCH", "/api/v1/containers/" + name, HttpRequest.BodyPublishers.ofString(body));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("code").asString()).isEqualTo(code);
        assertThat(held(name)).contains("4096");
    }
}
