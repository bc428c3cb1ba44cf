package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon that was started with a strange umask, niceness, limits, processors and OOM score adjustment, and what containers have of it. */
class InheritedSettingsTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    /** Without CAP_SYS_RESOURCE, so that the host allows the same everywhere. */
    private static final String STRANGE = """
            umask 077; ulimit -Sn 1024; ulimit -Hn 15000; ulimit -Sc unlimited; ulimit -Ss 4096
            echo 300 >/proc/self/oom_score_adj; renice 7 $$ >/dev/null; taskset -cp 0 $$ >/dev/null
            exec setpriv --bounding-set -sys_resource -- "$@"
            """;

    private static final String SHOW = """
            echo files $(ulimit -Sn) of $(ulimit -Hn); echo core $(ulimit -Sc); echo stack $(ulimit -Ss)
            echo score $(cat /proc/self/oom_score_adj); echo nice $(nice); echo umask $(umask)
            grep Cpus_allowed_list /proc/self/status
            """;

    private static String name = "";

    @BeforeAll
    static void startStrangely() {
        BROCKERD.stop();
        BROCKERD.startBy(List.of("bash", "-c", STRANGE, "bash"));
        BROCKERD.addService("{\"name\": \"heir\"}");
        name = BROCKERD.runTool("heir", "sleep");
    }

    /** What the lines of {@link #SHOW} say by their first word. */
    private static Map<String, String> shown(String container) {
        Map<String, String> shown = new TreeMap<>();
        BROCKERD.client("container", "exec", container, "bash", "-c", SHOW)
                .succeeded()
                .stdout()
                .lines()
                .forEach(line -> shown.put(line.split("[ :]", 2)[0], line.split("[ :]", 2)[1].strip()));
        return shown;
    }

    /** The same of a container's first command. */
    private static Map<String, String> shownByTheFirst(String keys) {
        String json = "{\"service-name\": \"heir\", \"command\": [\"bash\", \"-c\", \"%s\"]%s}"
                .formatted(SHOW.replace("\n", "; "), keys);
        Outcome outcome = BROCKERD.client(
                        "container",
                        "run",
                        "--attach",
                        BROCKERD.file("first.json", json).toString())
                .succeeded();
        Map<String, String> shown = new TreeMap<>();
        outcome.stdout().lines().forEach(line -> shown.put(line.split("[ :]", 2)[0], line.split("[ :]", 2)[1].strip()));
        return shown;
    }

    private static Map<String, String> expected(String files, String score) {
        String processors = Outcome.of("grep", "Cpus_allowed_list", "/proc/self/status")
                .split(":", 2)[1]
                .strip();
        return new TreeMap<>(Map.of(
                "files",
                files + " of " + files,
                "core",
                "0",
                "stack",
                "8192",
                "score",
                score,
                "nice",
                "0",
                "umask",
                "0022",
                "Cpus_allowed_list",
                processors));
    }

    @Test
    void theDaemonIsAsStrangeAsItWasStarted() {
        assertThat(Host.read(BROCKERD.pid(), "oom_score_adj").strip()).isEqualTo("300");
        assertThat(Outcome.of("ps", "-o", "ni=", "-p", String.valueOf(BROCKERD.pid()))
                        .strip())
                .isEqualTo("7");
        assertThat(Host.read(BROCKERD.pid(), "status")).containsPattern("Cpus_allowed_list:\\s0\n");
        assertThat(Host.read(BROCKERD.pid(), "limits")).containsPattern("Max open files +\\d+ +15000 ");
    }

    @Test
    void containersHaveNothingOfIt() {
        assertThat(shownByTheFirst("")).isEqualTo(expected("15000", "0"));
    }

    @Test
    void norHasExec() {
        assertThat(shown(name)).isEqualTo(expected("15000", "0"));
    }

    @Test
    void theProxyServesWhateverTheUmask() {
        Outcome shown = BROCKERD.client("service", "status", "heir").succeeded();
        assertThat(shown.stdout()).doesNotContain("refuses");
    }

    @Test
    void keysChangeWhatEveryCommandHas() {
        String keys = ", \"nofile\": 300, \"oom-score-adj\": 500";
        assertThat(shownByTheFirst(keys)).isEqualTo(expected("300", "500"));
        String other = BROCKERD.runTool("heir", "sleep", "\"nofile\": 300", "\"oom-score-adj\": 500");
        assertThat(shown(other)).isEqualTo(expected("300", "500"));

        long init = BROCKERD.view(other).path("pid").asLong();
        assertThat(Host.read(init, "oom_score_adj").strip()).as("of PID 1").isEqualTo("0");
    }

    @Test
    void moreOpenFilesThanTheHostAllowsAreRefused() {
        run("\"nofile\": 15001")
                .failed(1)
                .saying("nofile \"15001\" is more than the 15000 open files")
                .hinting("LimitNOFILE=");
        run("\"nofile\": 63").failed(1).saying("\"nofile\"", "\"63\" is not a number of open files");
    }

    @Test
    void scoreBelowZeroThatTheHostRefusesIsRefused() {
        run("\"oom-score-adj\": -500")
                .failed(1)
                .saying("brockerd may not lower \"oom-score-adj\" to \"-500\"")
                .hinting("CAP_SYS_RESOURCE");
        run("\"oom-score-adj\": -1001").failed(1).saying("\"oom-score-adj\"", "\"-1001\"");
    }

    @Test
    void checkSaysWhatTheHostAllows() {
        assertThat(BROCKERD.client("check").succeeded().stdout())
                .containsPattern("limited +limits +containers get 15000 open files in the place of 65536");
    }

    private static Outcome run(String key) {
        String json = "{\"service-name\": \"heir\", \"command\": \"/bin/true\", " + key + "}";
        return BROCKERD.client(
                "container", "run", BROCKERD.file("refused.json", json).toString());
    }
}
