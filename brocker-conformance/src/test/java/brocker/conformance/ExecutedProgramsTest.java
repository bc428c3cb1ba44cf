package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * No shell stands between the interface and the kernel: while {@code strace(1)} watches every {@code execve(2)} and {@code execveat(2)} of
 * the daemon and of whatever descends from it, services and containers live through all that they may.
 */
class ExecutedProgramsTest {
    /** Of the daemon itself: its launcher becomes the JVM. */
    private static final Set<String> DAEMON =
            Set.of(Distribution.program("brockerd").toString(), Distribution.root() + "/bin/../runtime/bin/java");

    /** Of Brocker, in containers and on the way there. */
    private static final Set<String> BROCKER = Set.of("brocker-run init", "brocker-run exec");

    private static final String NGINX = "/usr/sbin/nginx -p /app -e stderr -c /etc/nginx/nginx.conf";
    private static final String NGINX_TEST = "/usr/sbin/nginx -t ";
    private static final String NGINX_VERSION = "/usr/sbin/nginx -v";

    /** By which the JDK starts a program of the host, which is {@link #NGINX_VERSION} alone. */
    private static final String SPAWN_HELPER = Distribution.root().resolve("runtime/lib/jspawnhelper") + " ";

    private static final Pattern CALL = Pattern.compile(
            "execve(?:at\\([^,]+, |\\()\"((?:[^\"\\\\]|\\\\.)*)\", \\[((?:\"(?:[^\"\\\\]|\\\\.)*\"(?:, )?)*)\\]");
    private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern ANY_CALL = Pattern.compile("execve(at)?\\(");

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final int port = Brockerd.freePort();
    private final int ingressPort = Brockerd.freePort();

    /** The daemon of the other half of {@link Brockerd}'s work is watched by nobody. */
    @AfterEach
    void startUnwatched() {
        if (!BROCKERD.endsWithin(Duration.ZERO)) {
            BROCKERD.stop();
        }
        BROCKERD.start();
    }

    @Test
    void nothingIsExecutedButTheCommandsThatWereAskedForBrockerRunAndNginx() {
        BROCKERD.stop();
        Path first = startWatched("first");
        Set<String> asked = new TreeSet<>(
                List.of("/mnt/tool serve 9000", "/mnt/tool serve 9000 200", "/mnt/tool sleep", "/mnt/tool exit 0"));
        addService();
        changeService();
        asked.addAll(runContainers());
        addIngress();
        BROCKERD.stop();
        Path second = startWatched("second");
        BROCKERD.awaitReady("life", 3);
        for (String service : List.of("life", "one", "two")) {
            BROCKERD.client("service", "remove", service).succeeded();
        }
        BROCKERD.stop();
        List<String> executed = new ArrayList<>(executed(first));
        executed.addAll(executed(second));

        assertThat(executed)
                .filteredOn(command -> !isExpected(command, asked))
                .as("executed, and nobody asked for it")
                .isEmpty();
        // What was not seen would not have been noticed either.
        assertThat(executed).containsAll(asked).containsAll(BROCKER).contains(NGINX, NGINX_VERSION);
        assertThat(executed).anyMatch(command -> command.startsWith(NGINX_TEST));
    }

    private static boolean isExpected(String command, Set<String> asked) {
        return asked.contains(command)
                || BROCKER.contains(command)
                || command.equals(NGINX)
                || command.equals(NGINX_VERSION)
                || command.startsWith(NGINX_TEST)
                || command.startsWith(SPAWN_HELPER)
                || DAEMON.contains(command.split(" ", 2)[0]);
    }

    private Path startWatched(String name) {
        Path trace = BROCKERD.work().resolve(name + ".trace");
        // -D: the daemon stays this process's child, and strace is its.
        BROCKERD.startBy(List.of(
                "strace",
                "-D",
                "-f",
                "-qq",
                "-s",
                "4096",
                "-e",
                "trace=execve,execveat",
                "-e",
                "signal=none",
                "-o",
                trace.toString()));
        return trace;
    }

    private void addService() {
        BROCKERD.addService(service("serve 9000", "\"location /x { deny all; }\""));
        BROCKERD.awaitReady("life", 2);
    }

    private String service(String tool, String nginx) {
        return """
                {"name": "life", "publish": "127.0.0.1:%d", "port": 9000, "egress": true, "replicas": 2, "nginx": [%s],
                 "health": {"path": "/"}, "container": {"memory": "64m", %s}}""".formatted(port, nginx, Tool.template(tool));
    }

    private void changeService() {
        String file = BROCKERD.file(
                        "second.json",
                        service("serve 9000 200", "\"location /x { deny all; }\", \"location /y { deny all; }\""))
                .toString();
        BROCKERD.client("service", "deploy", file).succeeded();
        BROCKERD.client("service", "rollback", "life").succeeded();
        BROCKERD.client("service", "scale", "life", "3").succeeded();
        BROCKERD.client("service", "status", "life").succeeded();
        BROCKERD.client("service", "logs", "life").succeeded();
        BROCKERD.client("check").succeeded();
    }

    /** Gives the commands that it had executed. */
    private static List<String> runContainers() {
        String name =
                BROCKERD.runTool("life", "sleep", "\"user\": \"nobody\"", "\"tmpfs\": [{\"target\": \"/cache\"}]");
        BROCKERD.client("container", "exec", name, "/bin/sh", "-c", "exit 0").succeeded();
        BROCKERD.client("container", "exec", name, "/usr/bin/getent", "hosts", "life")
                .succeeded();
        BROCKERD.client("container", "logs", name).succeeded();
        BROCKERD.client("container", "stats", "--no-stream", name).succeeded();
        BROCKERD.client("container", "update", "--memory", "32m", name).succeeded();
        BROCKERD.client("container", "restart", name).succeeded();
        BROCKERD.client("container", "kill", name).succeeded();
        BROCKERD.client("container", "wait", name);
        BROCKERD.client("container", "remove", name).succeeded();
        assertThat(BROCKERD.awaitExit(BROCKERD.runTool("life", "exit 0"))).isZero();
        return List.of("/bin/sh -c exit 0", "/usr/bin/getent hosts life");
    }

    private void addIngress() {
        for (String name : List.of("one", "two")) {
            BROCKERD.addService("""
                    {"name": "%s", "publish": "127.0.0.1:%d", "hosts": "%s.example", "port": 9000, "container": {%s}}""".formatted(name, ingressPort, name, Tool.template("serve 9000")));
            BROCKERD.awaitReady(name, 1);
        }
    }

    /** The commands of a watched daemon that has ended, and of all below it, which have ended too; attempts that failed among them. */
    private static List<String> executed(Path trace) {
        Await.until(
                "the watch has ended",
                Duration.ofSeconds(20),
                () -> Host.processesNaming(trace.toString()).isEmpty());
        assertThat(trace).exists();
        List<String> commands = new ArrayList<>();
        for (String line : Host.lines(trace)) {
            if (!ANY_CALL.matcher(line).find()) {
                continue;
            }
            Matcher call = CALL.matcher(line);
            assertThat(call.find()).as("\"%s\" can be read", line).isTrue();
            List<String> words = WORD.matcher(call.group(2))
                    .results()
                    .map((MatchResult word) -> word.group(1))
                    .collect(Collectors.toList());
            // brocker-run is executed by its descriptor; of all else the path counts, whatever it is called.
            if (!call.group(1).startsWith("/proc/self/fd/")) {
                words.set(0, call.group(1));
            }
            commands.add(String.join(" ", words));
        }
        return commands;
    }
}
