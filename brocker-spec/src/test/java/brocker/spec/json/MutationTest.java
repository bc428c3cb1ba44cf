package brocker.spec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import brocker.spec.BrockerException;
import brocker.spec.ContainerSpec;
import brocker.spec.Seeded;
import brocker.spec.ServiceSpec;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damaged files: each is read, or refused with one line; nothing else happens. */
final class MutationTest {
    private static final String CONTAINER = """
            {"service-name": "shop", "command": ["/usr/bin/java", "-jar", "/app/shop.jar"], "copy-file": true,
             "file": "target/shop.jar", "files": ["application.yaml"],
             "artifacts": [{"name": "a", "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}],
             "env": {"SPRING_PROFILES_ACTIVE": "production"}, "user": "1000:1000", "working-directory": "/app",
             "hostname": "shop", "memory": "512m", "cpus": 1.5, "pids": 512, "nofile": 1000, "oom-score-adj": 5,
             "mounts": [{"source": "/srv/data", "target": "/data", "read-only": true}],
             "tmpfs": [{"target": "/cache", "size": "64m"}], "read-only": true, "stop-signal": "SIGTERM",
             "capabilities": {"add": ["NET_RAW"], "drop": ["ALL"]},
             "seccomp": {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW",
              "args": [{"index": 0, "value": 1, "valueTwo": 0, "op": "SCMP_CMP_EQ"}], "includes": {"caps": ["CAP_CHOWN"]}}]},
             "stop-timeout": "10s", "log": {"max-size": "10m", "max-files": 3}}
            """;

    private static final String SERVICE = """
            {"name": "shop", "bridge-ip": "10.0.1.1", "publish": ["127.0.0.1:8080"], "load-balance": "least_conn",
             "port": 8080, "health": {"path": "/ready", "interval": "1s", "timeout": "2s", "healthy": 1, "unhealthy": 3},
             "drain-timeout": "30s", "replicas": 3,
             "container": {"command": "/usr/bin/java -jar /app/shop.jar", "copy-file": true, "file": "shop.jar"}}
            """;

    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\n",
            "null",
            "true",
            "-1",
            "0",
            "1e999999999",
            "99999999999",
            "1.5",
            "\"\"",
            "{}",
            "[]",
            "\"x\"",
            "\"\\u0000\"",
            "\\ud800",
            "\uD83D",
            "é",
            "\0",
            "/*",
            "NaN",
            "\"command\":",
            "\"name\":\"b\",",
            "[".repeat(2000),
            "9".repeat(2000));

    private static String mutate(Random random, String text) {
        StringBuilder mutated = new StringBuilder(text);
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int from = random.nextInt(mutated.length() + 1);
            int to = Math.min(
                    mutated.length(), from + (random.nextInt(4) == 0 ? random.nextInt(40) : random.nextInt(3)));
            String piece = random.nextInt(3) == 0 ? "" : PIECES.get(random.nextInt(PIECES.size()));
            mutated.replace(from, to, piece);
        }
        return mutated.toString();
    }

    /** Puts another value in the place of one. */
    private static String exchange(Random random, String text) {
        List<Integer> colons = text.chars().filter(c -> c == ':').boxed().toList();
        int at = -1;
        for (int i = random.nextInt(colons.size()); i >= 0; i--) {
            at = text.indexOf(": ", at + 1);
        }
        int begin = at < 0 ? 0 : at + 2;
        int end = begin;
        while (end < text.length() && ",}]\n".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return text.substring(0, begin) + PIECES.get(random.nextInt(PIECES.size())) + text.substring(end);
    }

    private static int refusals(Random random, String text, Class<?> type) {
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            String damaged = random.nextBoolean() ? mutate(random, text) : exchange(random, text);
            try {
                Json.read("x.json", damaged, type);
            } catch (BrockerException.Invalid e) {
                refused++;
                assertThat(e.message())
                        .as(damaged)
                        .startsWith("\"x.json\"")
                        .doesNotContain("\n")
                        .hasSizeLessThan(6_000);
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                fail("not a refusal, of: " + damaged, e);
            }
        }
        return refused;
    }

    @Test
    @Timeout(60)
    void damagedContainerFileIsReadOrRefused() {
        Random random = Seeded.random("damagedContainerFileIsReadOrRefused");
        Json.read("x.json", CONTAINER, ContainerSpec.class);

        assertThat(refusals(random, CONTAINER, ContainerSpec.class)).isBetween(5_000, 19_999);
    }

    @Test
    @Timeout(60)
    void damagedServiceFileIsReadOrRefused() {
        Random random = Seeded.random("damagedServiceFileIsReadOrRefused");
        Json.read("x.json", SERVICE, ServiceSpec.class);

        assertThat(refusals(random, SERVICE, ServiceSpec.class)).isBetween(5_000, 19_999);
    }
}
