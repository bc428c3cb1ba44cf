package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * A container with every limit, from run to stop: what the kernel holds, what the container sees of it, what it takes, and that nothing
 * is left. Says the same on both versions of control groups; {@code scripts/test-v2} runs it on a host with version 2 alone.
 */
class ControlGroupTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static final String LIMITS = "\"memory\": \"512m\", \"cpus\": 0.5, \"pids\": 99, \"cpuset\": \"0\"";

    private static final String LOOK = """
            cd /sys/fs/cgroup
            cat memory.max memory/memory.limit_in_bytes 2>/dev/null
            for file in memory.max memory/memory.limit_in_bytes cgroup.procs memory/cgroup.procs; do
                [ ! -e $file ] || ! echo 0 2>/dev/null > $file || echo "$file was written"
            done 2>/dev/null
            mkdir x memory/x 2>/dev/null && echo "a group was made"
            %s/bin/java -XX:+UseSerialGC -Xint -XshowSettings:all -version 2>&1 |
                sed -E -n 's/^ *(Max. Heap|Effective CPU Count|Memory Limit)/\\1/p'
            """.formatted(System.getProperty("java.home"));

    private static String limited = "";

    @BeforeAll
    static void run() {
        BROCKERD.rest()
                .post("/api/v1/services", "{\"name\": \"groups\", \"bridge-ip\": \"10.77.13.1\"}")
                .succeeded();
        BROCKERD.file("look.sh", LOOK);
        String file = ", \"copy-file\": true, \"file\": \"look.sh\"";
        limited = run("sh /app/look.sh > /app/seen.new; mv /app/seen.new /app/seen; sleep 600", LIMITS + file);
    }

    private static String run(String script, String keys) {
        String json = """
                {"service-name": "groups", "command": ["/bin/sh", "-c", "%s"], %s}
                """.formatted(script, keys);
        return BROCKERD.client(
                        "container", "run", BROCKERD.file("groups.json", json).toString())
                .succeeded()
                .stdout()
                .strip();
    }

    /** The lines of a file that the container writes into its directory, whole when it is there. */
    private static List<String> written(String name) {
        Path file = BROCKERD.containers().resolve(limited).resolve(name);
        Await.until(name + " is written", Duration.ofSeconds(20), () -> Files.exists(file));
        return Host.lines(file);
    }

    /** A file's first line, of version 1's name or of version 2's, in whichever of a container's groups has it. */
    private static String held(String name, String version1, String version2) {
        List<Path> files = Host.groups(name).stream()
                .flatMap(group -> List.of(group.resolve(version1), group.resolve(version2)).stream())
                .filter(Files::exists)
                .distinct()
                .toList();
        assertThat(files).as("%s or %s of %s", version1, version2, name).hasSize(1);
        return Host.lines(files.getFirst()).getFirst();
    }

    @Test
    void kernelHoldsEveryLimit() {
        assertThat(held(limited, "memory.limit_in_bytes", "memory.max")).isEqualTo("536870912");
        assertThat(held(limited, "cpu.cfs_quota_us", "cpu.max")).startsWith("50000");
        assertThat(held(limited, "pids.max", "pids.max")).isEqualTo("99");
        assertThat(held(limited, "cpuset.cpus", "cpuset.cpus")).isEqualTo("0");
        assertThat(Host.processesInGroup(BROCKERD.group()))
                .contains(BROCKERD.view(limited).path("pid").asLong());
    }

    /** A host without swap has no such file in version 1, and none that says anything in version 2. */
    @Test
    void swapIsHeldToTheSame() {
        for (Path group : Host.groups(limited)) {
            Path together = group.resolve("memory.memsw.limit_in_bytes");
            Path swap = group.resolve("memory.swap.max");
            assertThat(Files.exists(together) ? Host.lines(together).getFirst() : "536870912")
                    .isEqualTo("536870912");
            assertThat(Files.exists(swap) ? Host.lines(swap).getFirst() : "0").isEqualTo("0");
        }
    }

    @Test
    void insideItSeesItsOwnGroupWhichItCannotChange() {
        List<String> seen = written("seen");

        assertThat(seen.getFirst()).isEqualTo("536870912");
        assertThat(seen.get(1)).matches("Max. Heap Size \\(Estimated\\): 12[0-8]\\.[0-9]+M");
        assertThat(seen.subList(2, seen.size())).containsExactly("Effective CPU Count: 1", "Memory Limit: 512.00M");
        assertThat(held(limited, "memory.limit_in_bytes", "memory.max")).isEqualTo("536870912");
    }

    /** Nobody reads what the command says, so that it does not matter how slow a client would be to ask for it. */
    @Test
    void anotherCommandIsInTheSameGroup() {
        BROCKERD.rest()
                .post(
                        "/api/v1/containers/" + limited + "/exec",
                        "{\"command\": [\"/bin/sh\", \"-c\", \"cat /proc/self/cgroup > /app/group.new; mv /app/group.new /app/group\"]}")
                .succeeded();

        long init = BROCKERD.view(limited).path("pid").asLong();
        List<String> inside = written("group").stream()
                .filter(line -> line.endsWith(":/"))
                .map(line -> line.substring(0, line.length() - 1))
                .toList();
        assertThat(Host.lines(Path.of("/proc/" + init + "/cgroup")).stream()
                        .filter(line -> line.endsWith("/" + BROCKERD.group() + "/" + limited)))
                .isNotEmpty()
                .allMatch(line -> inside.contains(line.substring(0, line.indexOf('/'))));
    }

    @Test
    void whatItTakesIsCountedAndItsLimitsChangeAndAllGoesWhenItStops() {
        String name = run(
                "head -c 30000000 /dev/zero > /dev/shm/hog; touch /app/ready; sleep 600",
                "\"memory\": \"64m\", \"pids\": 9");
        Await.until(
                "the memory is in use",
                Duration.ofSeconds(20),
                () -> Files.exists(BROCKERD.containers().resolve(name).resolve("ready")));
        JsonNode stats = Rest.parse(BROCKERD.client("container", "stats", "--format", "json", name)
                        .succeeded()
                        .stdout())
                .get(0);

        assertThat(stats.path("memory").asLong()).isBetween(29_000_000L, 64L << 20);
        assertThat(stats.path("memory-limit").asLong()).isEqualTo(64L << 20);
        assertThat(stats.path("pids").asInt()).isEqualTo(3);
        assertThat(stats.path("pids-limit").asInt()).isEqualTo(9);
        assertThat(stats.path("block-read").isNumber()).isTrue();

        BROCKERD.client(
                        "container",
                        "update",
                        "--memory",
                        "96m",
                        "--cpus",
                        "0.25",
                        "--pids",
                        "77",
                        "--cpuset",
                        "0",
                        name)
                .succeeded();
        assertThat(held(name, "memory.limit_in_bytes", "memory.max")).isEqualTo("100663296");
        assertThat(held(name, "cpu.cfs_quota_us", "cpu.max")).startsWith("25000");
        assertThat(held(name, "pids.max", "pids.max")).isEqualTo("77");
        assertThat(held(name, "cpuset.cpus", "cpuset.cpus")).isEqualTo("0");

        BROCKERD.client("container", "stop", "--timeout", "1s", name).succeeded();
        assertThat(Host.groups(name)).isEmpty();
    }

    @Test
    void killForLackOfMemoryIsReported() {
        String name = run("tail /dev/zero", "\"memory\": \"32m\"");

        assertThat(BROCKERD.awaitExit(name)).isEqualTo(137);
        assertThat(BROCKERD.client("container", "list", "-a")
                        .succeeded()
                        .stdout()
                        .lines())
                .anyMatch(
                        line -> line.startsWith(name.substring(0, 12)) && line.contains("exited (137, out of memory)"));
        assertThat(BROCKERD.view(name).path("oom-kills").asInt()).isEqualTo(1);
        assertThat(Host.groups(name)).isEmpty();
    }
}
