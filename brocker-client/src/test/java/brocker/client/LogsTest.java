package brocker.client;

import static brocker.client.Canned.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code container logs}, {@code service logs} and {@code container run --attach}. */
@Timeout(60)
class LogsTest {
    private static final String OTHER = "aa0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c";
    private static final String LOGS = "GET /api/v1/containers/5f/logs?marks=true&follow=";
    private static final String START = "#at @0\n";

    @RegisterExtension
    final Client client = new Client();

    private static String time(int second) {
        return "2026-11-23T19:25:" + (10 + second) + ".123456789Z";
    }

    private static String line(int second, String rest) {
        return time(second) + " " + rest + "\n";
    }

    @Test
    void logsKeepTheStreamsApartAndJoinParts() {
        String log = line(1, "stdout P ab") + line(2, "stderr F oh") + line(3, "stdout F c") + line(4, "stdout F ");
        client.daemon.on(LOGS + "false&tail=9", 200, START + log + "#live\n#end\n");
        assertThat(client.run("container", "logs", "5f", "--tail=9")).isZero();
        assertThat(client.out()).isEqualTo("abc\n\n");
        assertThat(client.err()).isEqualTo("oh\n");
    }

    @Test
    void timestampsAreThoseOfTheFirstParts() {
        String log = line(1, "stdout P ab") + line(2, "stderr F oh") + line(3, "stdout F c");
        client.daemon.on(LOGS + "false", 200, START + log + "#end\n");
        assertThat(client.run("container", "logs", "5f", "--timestamps")).isZero();
        assertThat(client.out()).isEqualTo(time(1) + " abc\n");
        assertThat(client.err()).isEqualTo(time(2) + " oh\n");
    }

    @Test
    void sinceIsSentAsItIsWritten() {
        client.daemon
                .on(LOGS + "false&tail=0&since=2026-11-23T19%3a25%3a26%2b01%3a00", 200, START + "#end\n")
                .on(LOGS + "false&since=10m", 200, START + "#end\n");
        assertThat(client.run("container", "logs", "--since", "2026-11-23T19:25:26+01:00", "--tail", "0", "5f"))
                .isZero();
        assertThat(client.run("container", "logs", "--since", "10m", "5f")).isZero();
        assertThat(client.out()).isEmpty();
    }

    @Test
    void valuesThatCannotBeAreWrongUsage() {
        for (String wrong : List.of("", "x", "-1", "1234567890")) {
            assertThat(client.run("container", "logs", "5f", "--tail=" + wrong)).isEqualTo(2);
        }
        for (String wrong :
                List.of("", "yesterday", "10", "2026-11-23", "2026-13-23T19:25:26Z", "2026-11-23T19:25:26")) {
            assertThat(client.run("service", "logs", "shop", "--since=" + wrong))
                    .isEqualTo(2);
        }
        assertThat(client.err())
                .contains("error: --tail: \"x\" is not a number of lines")
                .contains("error: --since: \"yesterday\" is neither a time nor a duration\nhint: write ");
        assertThat(client.daemon.requests).isEmpty();
    }

    @Test
    void followingGoesOnAfterTheLastWholeLineWhereTheConnectionIsLost() {
        String first = START + line(1, "stdout F one") + "#live\n" + line(2, "stdout P tw") + time(3) + " stdo";
        int length = line(1, "stdout F one").length() + line(2, "stdout P tw").length();
        String second = "#at " + time(1) + "@" + length + "\n" + line(3, "stdout F o") + "#later mark\n#at " + time(4)
                + "@0\n" + line(4, "stderr F three");
        int third = line(4, "stderr F three").length();
        client.daemon
                .on(LOGS + "true", 200, "#at " + time(1) + "@0\n" + first.substring(START.length()))
                .on(LOGS + "true&after=" + time(1) + "@" + length, 200, second)
                .on(LOGS + "true&after=" + time(4) + "@" + third, 200, "#at " + time(4) + "@" + third + "\n#end\n");
        assertThat(client.run("container", "logs", "-f", "5f")).isZero();
        assertThat(client.out()).isEqualTo("one\ntwo\n");
        assertThat(client.err()).isEqualTo("""
                        warning: the daemon has left; the log goes on when it is back
                        three
                        warning: the daemon has left; the log goes on when it is back
                        """);
    }

    /** What a hostile container may write: a title, a cursor that moves up, reordered text, a byte of C1, a line that pretends. */
    private static final String HOSTILE = "\t\u001b]0;x\u0007\u001b[1A\u202eab\u009b2Jc\rINFO: \u00e9";

    private static final String ESCAPED = "\t\\u001b]0;x\\u0007\\u001b[1A\\u202eab\\u009b2Jc\\rINFO: \u00e9";

    @Test
    void logIsEscapedWhereItGoesToATerminalAndOnlyThere() {
        String log = line(1, "stdout F " + HOSTILE) + line(2, "stderr F " + HOSTILE);
        client.daemon.on(LOGS + "false", 200, START + log + "#end\n");
        assertThat(client.run("container", "logs", "5f")).isZero();
        assertThat(client.out()).isEqualTo(HOSTILE + "\n");
        assertThat(client.err()).isEqualTo(HOSTILE + "\n");
        client.stdout.reset();
        client.stderr.reset();
        client.terminal = true;
        assertThat(client.run("container", "logs", "5f")).isZero();
        assertThat(client.out()).isEqualTo(ESCAPED + "\n");
        assertThat(client.err()).isEqualTo(ESCAPED + "\n");
    }

    @Test
    void partsOfALineMayEndWithinACharacterOfATerminal() {
        client.terminal = true;
        byte[] log = (START + line(1, "stdout P a\u20ac") + line(2, "stdout F b") + "#end\n")
                .getBytes(StandardCharsets.UTF_8);
        // The last byte of the character goes to the second part.
        String bytes = new String(log, StandardCharsets.ISO_8859_1)
                .replace("\u00ac\n", "\n")
                .replace("F b", "F \u00acb");
        client.daemon.onBytes(LOGS + "false", bytes);
        assertThat(client.run("container", "logs", "5f")).isZero();
        assertThat(client.out()).isEqualTo("a\u20acb\n");
    }

    @Test
    void logsOfAServiceAreEscapedWhereverTheyGo() {
        client.daemon
                .on("GET /api/v1/services/shop", 200, "{\"name\":\"shop\"}")
                .on("GET /api/v1/containers?all=true", 200, "[" + container(NAME, "shop") + "]")
                .on(logsOf(NAME, "false"), 200, START + line(1, "stdout F " + HOSTILE) + "#end\n");
        assertThat(client.run("service", "logs", "shop")).isZero();
        assertThat(client.out()).isEqualTo("5f0c5f0c5f0c | " + ESCAPED + "\n");
    }

    @Test
    void missingLinesAreSaid() {
        client.daemon.on(
                LOGS + "false", 200, START + line(1, "stdout F a") + "#gap\n" + line(9, "stdout F z") + "#end\n");
        assertThat(client.run("container", "logs", "5f")).isZero();
        assertThat(client.out()).isEqualTo("a\nz\n");
        assertThat(client.err()).startsWith("warning: lines are missing here");
    }

    @Test
    void whatIsNoLogOfOursIsNotUnderstood() {
        client.daemon.on(LOGS + "false", 200, line(1, "stdout F a"));
        assertThat(client.run("container", "logs", "5f")).isEqualTo(1);
        assertThat(client.err()).contains("error: the daemon's log does not say where it begins");
        client.daemon.on(LOGS + "false", 200, "#at x y@0\n");
        assertThat(client.run("container", "logs", "5f")).isEqualTo(1);
        assertThat(client.err()).contains("\"x y@0\" is not a position in a log");
    }

    private static String container(String name, String service) {
        return "{\"name\":\"" + name + "\",\"service\":\"" + service + "\",\"state\":\"exited\",\"exit-code\":3}";
    }

    private static String logsOf(String name, String rest) {
        return "GET /api/v1/containers/" + name + "/logs?marks=true&follow=" + rest;
    }

    @Test
    void logsOfAServiceAreInTheOrderOfTime() {
        client.daemon
                .on("GET /api/v1/services/shop", 200, "{\"name\":\"shop\"}")
                .on(
                        "GET /api/v1/containers?all=true",
                        200,
                        "[" + container(NAME, "shop") + "," + container(OTHER, "shop") + ","
                                + container("bb" + OTHER.substring(2), "else") + "]")
                .on(
                        logsOf(NAME, "false&tail=5"),
                        200,
                        START + line(1, "stdout F a") + line(4, "stdout P d") + line(6, "stdout F d") + "#end\n")
                .on(
                        logsOf(OTHER, "false&tail=5"),
                        200,
                        START + line(2, "stderr F b") + line(3, "stdout F c") + line(5, "stdout F e") + "#end\n");
        assertThat(client.run("service", "logs", "--tail", "5", "shop")).isZero();
        assertThat(client.out()).isEqualTo("""
                5f0c5f0c5f0c | a
                aa0c5f0c5f0c | c
                5f0c5f0c5f0c | dd
                aa0c5f0c5f0c | e
                """);
        assertThat(client.err()).isEqualTo("aa0c5f0c5f0c | b\n");
    }

    @Test
    void containersThatJoinAServiceAreFollowedUntilItIsGone() {
        client.daemon
                .on("GET /api/v1/services/shop", 200, "{\"name\":\"shop\"}")
                .on("GET /api/v1/containers?all=true", 200, "[" + container(NAME, "shop") + "]")
                .then("GET /api/v1/containers?all=true", 200, "[" + container(OTHER, "shop") + "]")
                .on(logsOf(NAME, "true&tail=1"), 200, START + line(1, "stdout F a") + "#live\n#end\n")
                .on(logsOf(OTHER, "true"), 200, START + line(2, "stdout F b") + "#live\n#end\n");
        Thread leaving = Thread.ofVirtual().start(() -> {
            while (client.daemon.requests.stream().noneMatch(logsOf(OTHER, "true")::equals)) {
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
            }
            client.daemon.problem("GET /api/v1/services/shop", 404, "service-not-found", "gone", "");
            client.daemon.then("GET /api/v1/containers?all=true", 200, "[]");
        });
        assertThat(client.run("service", "logs", "-f", "--tail", "1", "--timestamps", "shop"))
                .isZero();
        assertThat(leaving.isAlive()).isFalse();
        assertThat(client.out()).isEqualTo("5f0c5f0c5f0c | " + time(1) + " a\n" + "aa0c5f0c5f0c | " + time(2) + " b\n");
    }

    @Test
    void unknownServiceHasNoLogs() {
        client.daemon.problem(
                "GET /api/v1/services/shp", 404, "service-not-found", "there is no service \"shp\"", "look");
        assertThat(client.run("service", "logs", "shp")).isEqualTo(1);
        assertThat(client.err()).isEqualTo("error: there is no service \"shp\"\nhint: look\n");
    }

    @Test
    void attachedRunPrintsTheLogAndEndsWithTheContainersCode(@TempDir Path directory) throws IOException {
        Path file =
                Files.writeString(directory.resolve("container.json"), "{\"service-name\":\"shop\",\"command\":\"x\"}");
        client.daemon
                .on("POST /api/v1/containers", 201, "{\"name\":\"" + NAME + "\",\"state\":\"running\"}")
                .on("GET /api/v1/containers/" + NAME + "/wait?timeout=0s", 200, container(NAME, "shop"))
                .on(logsOf(NAME, "true"), 200, START + line(1, "stdout F a") + line(2, "stderr F b") + "#live\n#end\n");
        assertThat(client.run("container", "run", "--attach", file.toString())).isEqualTo(3);
        assertThat(client.out()).isEqualTo("a\n");
        assertThat(client.err()).isEqualTo("b\n");
        assertThat(client.run("container", "run", "--attach", "--format", "json", file.toString()))
                .isEqualTo(2);
        client.stdout.reset();
        client.terminal = true;
        client.daemon.on(logsOf(NAME, "true"), 200, START + line(1, "stdout F " + HOSTILE) + "#live\n#end\n");
        assertThat(client.run("container", "run", "--attach", file.toString())).isEqualTo(3);
        assertThat(client.out()).isEqualTo(ESCAPED + "\n");
    }
}
