package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Hosts that lack what Brocker needs, and clients that do not find or may not use the daemon. */
class BadHostTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @AfterEach
    void nothingIsLeft() {
        Unchanged.assertOnly(BROCKERD);
    }

    @Test
    void aDaemonThatIsNotRunningIsExitCode125() {
        String nowhere = "http://127.0.0.1:" + Brockerd.freePort();
        BROCKERD.client("--host", nowhere, "container", "list")
                .failed(125)
                .saying("no daemon answers at \"" + nowhere + "\"")
                .hinting("sudo brockerd");
        Path file = BROCKERD.file("service.json", "{\"name\": \"x\"}");
        BROCKERD.client("--host", nowhere, "service", "add", file.toString()).failed(125);
    }

    @Test
    void aWrongTokenIsRefused() {
        Path wrong = BROCKERD.file("token", "0000000000000000000000000000000000000000");
        BROCKERD.client("--token-file", wrong.toString(), "container", "list")
                .failed(1)
                .saying("token");
        Path file = BROCKERD.file("service.json", "{\"name\": \"x\"}");
        BROCKERD.client("--token-file", wrong.toString(), "service", "add", file.toString())
                .failed(1)
                .saying("token");
        assertThat(new Rest(BROCKERD.port(), "wrong").get("/api/v1/services").status())
                .isEqualTo(401);
    }

    @Test
    void aTokenThatIsNotThereIsNamed() {
        String none = BROCKERD.work().resolve("none").toString();
        BROCKERD.client("--token-file", none, "container", "list")
                .failed(1)
                .saying("cannot read the token \"" + none + "\"", "no such file")
                .hinting("BROCKER_TOKEN_FILE");
    }

    @Test
    void theTokenIsNotForEverybody() {
        assertThat(Outcome.of("stat", "-c", "%a", BROCKERD.token().toString())).isIn("600\n", "640\n");
    }

    @Test
    void withoutRootTheDaemonDoesNotStart() {
        List<String> command = new ArrayList<>(
                List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps=-all"));
        command.addAll(elsewhere("unprivileged"));
        start(command).failed(1).saying("brockerd needs root").hinting("sudo brockerd");
        assertThat(BROCKERD.work().resolve("unprivileged")).doesNotExist();
    }

    @Test
    void withoutNginxAServiceIsRefusedAndLeavesNothing() {
        hiding("mount --bind /dev/null /usr/sbin/nginx", "no-nginx", """
                timeout 20 "$BROCKER_CLIENT" service add "$FILE"; code=$?
                [ "$(timeout 20 "$BROCKER_CLIENT" -q service list)" = "" ] || code=99
                exit $code""")
                .failed(1)
                .saying("nginx is not installed", "\"/usr/sbin/nginx\"")
                .hinting("apt-get install nginx");
    }

    @Test
    void withoutControlGroupsTheDaemonDoesNotStart() {
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "--net",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                "umount --recursive --lazy /sys/fs/cgroup && exec \"$@\"",
                "sh"));
        command.addAll(elsewhere("no-cgroups"));
        start(command).failed(1).saying("control groups");
    }

    @Test
    void withoutLibnftablesTheDaemonDoesNotStart() {
        String hide =
                "for f in /usr/lib/*/libnftables.so.1; do mount --bind /dev/null $f || exit 98; done; exec \"$@\"";
        List<String> command = new ArrayList<>(
                List.of("unshare", "--net", "--mount", "--propagation", "private", "sh", "-c", hide, "sh"));
        command.addAll(elsewhere("no-nftables"));
        start(command)
                .failed(1)
                .saying("there is no library \"libnftables.so.1\"")
                .hinting("apt-get install libnftables1");
        command.subList(command.indexOf("sh") + 4, command.size()).clear();
        command.addAll(Outcome.command(Distribution.program("brockerd"), "check"));
        Outcome check = start(command);
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.stdout().lines().filter(line -> line.startsWith("missing")))
                .singleElement()
                .asString()
                .contains("nftables", "apt-get install libnftables1");
    }

    @Test
    void checkSaysWhatTheHostLacks() {
        List<String> check = Outcome.command(Distribution.program("brockerd"), "check");
        Outcome here = start(check).succeeded();
        assertThat(here.stdout())
                .contains("nginx", "kernel", "cgroups", "libseccomp 2.", "nftables")
                .doesNotContain("missing");
        Outcome client = BROCKERD.client("check").succeeded();
        assertThat(client.stdout()).contains("nginx", "kernel", "cgroups");

        Outcome hidden = start(List.of(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                "mount --bind /dev/null /usr/sbin/nginx && exec \"$0\" check",
                check.getFirst()));
        assertThat(hidden.code()).isEqualTo(1);
        assertThat(hidden.stdout().lines().filter(line -> line.startsWith("missing")))
                .singleElement()
                .asString()
                .contains("nginx", "apt-get install nginx");
    }

    @Test
    void checkSaysThatLibseccompIsMissing() {
        Outcome hidden = start(List.of(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                "for library in /usr/lib/*/libseccomp.so.2; do mount --bind /dev/null \"$library\" || exit 9; done;"
                        + " exec \"$0\" check",
                Distribution.program("brockerd").toString()));
        assertThat(hidden.code()).isEqualTo(1);
        assertThat(hidden.stdout().lines().filter(line -> line.startsWith("missing")))
                .singleElement()
                .asString()
                .contains("seccomp", "\"libseccomp.so.2\"", "apt-get install libseccomp2");
    }

    @Test
    void wrongUsageIsExitCode2() {
        start(Outcome.command(Distribution.program("brockerd"), "--lisen", "127.0.0.1:3000"))
                .failed(2)
                .saying("unknown option \"--lisen\"")
                .hinting("--listen");
        start(Outcome.command(Distribution.program("brockerd"), "--listen", "0.0.0.0:3000"))
                .failed(2)
                .saying("\"0.0.0.0:3000\" is not a loopback address");
        BROCKERD.client("container", "lst")
                .failed(2)
                .saying("unknown command \"container lst\"")
                .hinting("list");
        BROCKERD.client("container", "list", "--al")
                .failed(2)
                .saying("unknown option \"--al\"")
                .hinting("--all");
        BROCKERD.client("container", "stop").failed(2).saying("needs NAME").hinting("usage: ");
    }

    @Test
    void anUnknownKeyOfTheConfigurationNamesLineAndNearestKey() {
        Path file = BROCKERD.file("brockerd.json", "{\n \"container-dr\": \"/tmp/x\"\n}");
        start(Outcome.command(Distribution.program("brockerd"), "--config", file.toString()))
                .failed(2)
                .saying("\"" + file + "\" line 2", "unknown key \"container-dr\"")
                .hinting("\"container-dir\"");
    }

    /** A daemon with a mount namespace of its own, in which something is hidden, and what a shell then does with it. */
    private static Outcome hiding(String hide, String name, String script) {
        List<String> daemon = elsewhere(name);
        Path run = Path.of(daemon.get(daemon.indexOf("--run-dir") + 1));
        String whole = """
                ip link set lo up
                %s || exit 98
                "$@" >"$LOG" 2>&1 &
                daemon=$!
                tries=0
                until timeout 20 "$BROCKER_CLIENT" version >/dev/null 2>&1; do
                    tries=$((tries + 1))
                    [ $tries -lt 100 ] || exit 97
                    sleep 0.1
                done
                (%s)
                code=$?
                kill $daemon; wait $daemon || exit 96
                exit $code
                """.formatted(hide, script);
        List<String> command = new ArrayList<>(
                List.of("unshare", "--net", "--mount", "--propagation", "private", "sh", "-c", whole, "sh"));
        command.addAll(daemon);
        Outcome outcome = Outcome.run(
                command,
                Map.of(
                        "LOG", BROCKERD.work().resolve(name + ".log").toString(),
                        "FILE",
                                BROCKERD.file("service.json", "{\"name\": \"x\"}")
                                        .toString(),
                        "BROCKER_CLIENT", Distribution.program("brocker-client").toString(),
                        "BROCKER_HOST", "http://" + daemon.get(daemon.indexOf("--listen") + 1),
                        "BROCKER_TOKEN_FILE", run.resolve("token").toString()),
                new byte[0]);
        assertThat(Host.entries(Path.of(daemon.get(daemon.indexOf("--container-dir") + 1))))
                .isEmpty();
        return outcome;
    }

    /** The command line of another daemon, whose directories lie below a folder of that name. */
    private static List<String> elsewhere(String name) {
        Path folder = BROCKERD.work().resolve(name);
        return Outcome.command(
                Distribution.program("brockerd"),
                "--listen",
                "127.0.0.1:" + Brockerd.freePort(),
                "--container-dir",
                folder.resolve("container").toString(),
                "--state-dir",
                folder.resolve("state").toString(),
                "--run-dir",
                folder.resolve("run").toString(),
                "--cgroup-parent",
                BROCKERD.group() + "-" + name);
    }

    private static Outcome start(List<String> command) {
        return Outcome.run(command, Map.of(), new byte[0]);
    }
}
