package brocker.client;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.client.text.Output;
import brocker.client.verb.Shell;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClientTest {
    private static final String NAME = "5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c";
    private static final String CONTAINER = "{\"name\":\"" + NAME
            + "\",\"service\":\"shop\",\"role\":\"replica\",\"state\":\"running\",\"ready\":false,\"address\":\"10.0.1.3\","
            + "\"interface\":\"veth7\",\"pid\":4711,\"command\":[\"/bin/sh\",\"-c\",\"a\\u001b[31m b\"],"
            + "\"created\":\"2026-11-23T19:25:26.123Z\",\"started\":\"2026-11-23T19:25:26.131Z\",\"later\":{\"x\":[1]}}";
    private static final String ENDED =
            CONTAINER.replace("\"running\"", "\"exited\"").replace("\"pid\":4711", "\"exit-code\":143");
    private static final String SERVICE =
            "{\"name\":\"shop\",\"bridge\":\"brocker3\",\"address\":\"10.0.1.1/24\",\"publish\":[\"127.0.0.1:8080\"],"
                    + "\"desired\":3,\"ready\":2}";

    private final FakeDaemon daemon = new FakeDaemon();
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private final Map<String, String> env =
            new HashMap<>(Map.of("BROCKER_HOST", daemon.address(), "BROCKER_TOKEN", "secret"));
    private byte[] stdin = new byte[0];
    private boolean terminal;

    @TempDir
    Path folder;

    @AfterEach
    void stopDaemon() {
        daemon.close();
    }

    private int run(String... args) {
        return run(stdout, args);
    }

    private int run(OutputStream out, String... args) {
        Shell shell = new Shell(
                env,
                new ByteArrayInputStream(stdin),
                new Output(out),
                new Output(stderr),
                _ -> terminal,
                InstantSource.fixed(Instant.parse("2026-11-23T19:28:30Z")));
        return Main.run(List.of(args), shell);
    }

    private String out() {
        return stdout.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return stderr.toString(StandardCharsets.UTF_8);
    }

    @Test
    void containersAreListedAsATableThatCannotDriveTheTerminal() {
        daemon.on("GET /api/v1/containers?all=true", 200, "[" + CONTAINER + "," + ENDED + "]");
        assertThat(run("container", "ls", "-a")).isZero();
        assertThat(out()).isEqualTo("""
                NAME           SERVICE   STATE                 ADDRESS    STARTED         COMMAND
                5f0c5f0c5f0c   shop      running (not ready)   10.0.1.3   3 minutes ago   /bin/sh -c 'a\\u001b[31m b'
                5f0c5f0c5f0c   shop      exited (143)          10.0.1.3   3 minutes ago   /bin/sh -c 'a\\u001b[31m b'
                """);
    }

    @Test
    void reasonOfAnEndIsListedBesideItsCode() {
        daemon.on(
                "GET /api/v1/containers?all=true",
                200,
                "[" + ENDED.replace("143", "137,\"oom-kills\":1,\"reason\":\"out of memory\"") + "]");
        assertThat(run("container", "ls", "-a")).isZero();
        assertThat(out()).contains(" exited (137, out of memory) ");
    }

    @Test
    void commandIsCutToTheWidthOfATerminal() {
        terminal = true;
        env.put("COLUMNS", "95");
        daemon.on("GET /api/v1/containers", 200, "[" + CONTAINER + "]");
        assertThat(run("container", "list")).isZero();
        assertThat(out().lines().toList().getLast()).hasSize(95).endsWith("…");
    }

    @Test
    void quietListPrintsWholeNamesAndJsonKeepsUnknownKeys() {
        daemon.on("GET /api/v1/containers", 200, "[" + CONTAINER + "]");
        assertThat(run("-q", "container", "list")).isZero();
        assertThat(out()).isEqualTo(NAME + "\n");
        stdout.reset();
        assertThat(run("container", "--format", "json", "list")).isZero();
        assertThat(out())
                .startsWith("[\n  {\n    \"name\"")
                .contains("\"later\" : {")
                .endsWith("]\n");
    }

    @Test
    void servicesAreListedAsATable() {
        daemon.on("GET /api/v1/services", 200, "[" + SERVICE + "]");
        assertThat(run("service", "list")).isZero();
        assertThat(out()).isEqualTo("""
                NAME   BRIDGE     ADDRESS       PUBLISH          HOSTS   READY
                shop   brocker3   10.0.1.1/24   127.0.0.1:8080   -       2/3
                """);
    }

    private static String stats(int second, long cpu) {
        return "{\"name\":\"" + NAME + "\",\"service\":\"shop\",\"read\":\"2026-11-23T19:25:" + second + "Z\","
                + "\"cpu-nanoseconds\":" + cpu + ",\"memory\":24641536,\"memory-limit\":536870912,\"pids\":31,"
                + "\"pids-limit\":4096,\"network-received\":90,\"network-sent\":2048,\"block-read\":1572864,\"later\":{}}";
    }

    @Test
    void statsOfAllAreTwoLooksAndATable() {
        daemon.on("GET /api/v1/stats", 200, "[" + stats(10, 1_000_000_000L) + "]")
                .then("GET /api/v1/stats", 200, "[" + stats(12, 4_000_000_000L) + "]");
        assertThat(run("container", "stats")).isZero();
        assertThat(out()).isEqualTo("""
                NAME           SERVICE   CPU       MEMORY     OF LIMIT           PIDS   NETWORK IN   OUT     BLOCK READ   WRITTEN
                5f0c5f0c5f0c   shop      150.0 %   23.5 MiB   4.6 % of 512 MiB   31     90 B         2 KiB   1.5 MiB      -
                """);
        assertThat(daemon.requests).hasSize(2);
    }

    @Test
    void statsOfOneAsJsonHaveTheShareOfTheProcessors() {
        daemon.on("GET /api/v1/containers/5f0c/stats", 200, stats(10, 1_000_000_000L));
        daemon.on(
                "GET /api/v1/stats",
                200,
                "[" + stats(12, 1_123_000_000L) + "," + stats(12, 1).replace("5f0c5f", "aaaaaa") + "]");
        assertThat(run("container", "stats", "--format", "json", "5f0c")).isZero();
        assertThat(out())
                .startsWith("[\n  {\n    \"name\" : \"" + NAME + "\"")
                .contains("\"cpu-percent\" : 6.2,", "\"memory\" : 24641536,", "\"block-read\" : 1572864")
                .doesNotContain("aaaaaa", "block-written");
    }

    @Test
    void statsOfAnEndedContainerAreRefusedAndThoseOfTheOthersShown() {
        daemon.problem("GET /api/v1/containers/ab/stats", 409, "container-not-running", "\"ab\" is not running", "");
        daemon.on("GET /api/v1/containers/5f0c/stats", 200, stats(10, 0));
        daemon.on("GET /api/v1/stats", 200, "[" + stats(12, 0) + "]");
        assertThat(run("container", "stats", "ab")).isEqualTo(1);
        assertThat(out()).isEmpty();
        assertThat(run("container", "stats", "ab", "5f0c")).isEqualTo(1);
        assertThat(out()).contains("5f0c5f0c5f0c   shop      0.0 %");
        assertThat(err()).isEqualTo("error: \"ab\" is not running\n".repeat(2));
    }

    @Test
    void statsOnATerminalAreShownAgainUntilNobodyLooks() {
        terminal = true;
        env.put("COLUMNS", "200");
        daemon.on("GET /api/v1/stats", 200, "[" + stats(10, 0) + "]");
        OutputStream twice = new OutputStream() {
            private int frames;

            @Override
            public void write(int b) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (frames++ == 3) {
                    throw new IOException("closed");
                }
                stdout.write(bytes, offset, length);
            }
        };
        assertThat(run(twice, "container", "stats")).isNotZero();
        assertThat(out()).startsWith("\u001b[2J\u001b[HNAME").doesNotContain(" \n");
        assertThat(out().split("\u001b\\[HNAME", -1)).hasSize(3);
        stdout.reset();
        assertThat(run("container", "stats", "--no-stream")).isZero();
        assertThat(out()).startsWith("NAME").doesNotContain("\u001b");
    }

    @Test
    void updateSendsWhatIsNamedAndPrintsTheName() {
        daemon.on("PATCH /api/v1/containers/5f0c", 200, CONTAINER);
        assertThat(run("container", "update", "--memory", "1g", "--cpus=1.5", "--pids", "9", "--cpuset", "0-1", "5f0c"))
                .isZero();
        assertThat(out()).isEqualTo(NAME + "\n");
        assertThat(daemon.requests)
                .containsExactly(
                        "PATCH /api/v1/containers/5f0c {\"memory\":\"1g\",\"cpus\":1.5,\"cpuset\":\"0-1\",\"pids\":9}");
    }

    @Test
    void updateThatCannotBeIsWrongUsage() {
        String[][] wrong = {
            {},
            {"--memory", "1k"},
            {"--memory", "-1"},
            {"--cpus", "0"},
            {"--cpus", "x"},
            {"--pids", "1"},
            {"--pids", "1e3"},
            {"--cpuset", "1-0"}
        };
        for (String[] options : wrong) {
            List<String> words = new java.util.ArrayList<>(List.of("container", "update", "5f0c"));
            words.addAll(List.of(options));
            assertThat(run(words.toArray(String[]::new))).as(words.toString()).isEqualTo(2);
        }
        assertThat(err())
                .startsWith("""
                error: there is nothing to change
                hint: usage: brocker-client container update [--memory S] [--cpus N] [--pids N] [--cpuset LIST] NAME...
                error: --memory: "1k" is too little memory
                hint: write at least "4m"
                error: --memory: "-1" is not a size
                """)
                .contains(
                        "error: --cpus: \"0\" is not a number of processors", "error: --cpus: \"x\" is not a number\n")
                .contains(
                        "error: --pids: \"1\" is not a number of processes", "error: --pids: \"1e3\" is not a number\n")
                .contains("error: --cpuset: \"1-0\" is not a list of processors");
    }

    @Test
    void unknownWordsNameTheNearestKnownOne() {
        assertThat(run("contaner", "list")).isEqualTo(2);
        assertThat(run("container", "lsit")).isEqualTo(2);
        assertThat(run("container", "list", "--al")).isEqualTo(2);
        assertThat(run("container", "stop")).isEqualTo(2);
        assertThat(err()).isEqualTo("""
                error: unknown command "contaner"
                hint: did you mean "container"?
                error: unknown command "container lsit"
                hint: did you mean "container list"?
                error: unknown option "--al" of "container list"
                hint: did you mean "--all"?
                error: "container stop" needs NAME
                hint: usage: brocker-client container stop [--timeout D] NAME...
                """);
    }

    @Test
    void terminalsAreSaidNotToBeSupported() {
        assertThat(run("container", "exec", "-it", "5f", "sh")).isEqualTo(2);
        assertThat(err()).startsWith("error: terminals are not supported yet");
    }

    @Test
    void helpIsPrintedAtEveryLevel() {
        assertThat(run()).isEqualTo(2);
        assertThat(err()).startsWith("Usage: brocker-client COMMAND").contains("Example:", "container", "completion");
        assertThat(run("container", "--help")).isZero();
        assertThat(out()).startsWith("Usage: brocker-client container COMMAND").contains("exec", "Example:");
        stdout.reset();
        assertThat(run("container", "stop", "--help")).isZero();
        assertThat(out()).isEqualTo("""
                Usage: brocker-client container stop [--timeout D] NAME...
                stop containers

                Options:
                      --timeout=D         kill after this long, such as "30s" (the container's "stop-timeout")
                      --host=URL          where the daemon listens (BROCKER_HOST; http://127.0.0.1:3000)
                      --token-file=FILE   the daemon's token (BROCKER_TOKEN, BROCKER_TOKEN_FILE; /run/brocker/token)
                      --ca-file=FILE      certificates to trust, PEM (BROCKER_CA_FILE; the Java runtime's)
                      --format=FORMAT     "table" or "json"
                  -q, --quiet             print names only, and no progress
                      --verbose           tell every request on stderr
                  -h, --help              print this help

                Example:
                  brocker-client container stop --timeout 30s 5f0c9a
                """);
    }

    @Test
    void completionKnowsTheVerbs() {
        assertThat(run("completion", "bash")).isZero();
        assertThat(out()).contains("_complete_brocker-client").contains("inspect");
    }

    @Test
    void noDaemonIsSaidBeforeAMissingToken() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        env.remove("BROCKER_TOKEN");
        env.put("BROCKER_TOKEN_FILE", folder.resolve("token").toString());
        assertThat(run("--host", "http://127.0.0.1:" + free, "container", "list"))
                .isEqualTo(125);
        assertThat(err()).startsWith("error: no daemon answers at \"http://127.0.0.1:" + free + "\"\nhint: start it");
        stderr.reset();
        assertThat(run("container", "list")).isEqualTo(1);
        assertThat(err()).startsWith("error: cannot read the token \"" + folder + "/token\": no such file\nhint: ");
    }

    @Test
    void whatIsNoDaemonIsSaidNotToBeOne() throws IOException {
        assertThat(run("container", "list", "--host", answering("SSH-2.0-OpenSSH_9.2\r\n")))
                .isEqualTo(1);
        assertThat(err())
                .contains("gave an answer that is not understood: it does not begin as", "hint: is it brockerd?");
        stderr.reset();
        assertThat(run("container", "list", "--host", answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[")))
                .isEqualTo(125);
        assertThat(err()).contains("failed: the answer ended 8 bytes early");
        stderr.reset();
        assertThat(run("container", "list", "--host", answering("HTTP/1.1 200 OK\r\n\r\n<html>")))
                .isEqualTo(1);
        assertThat(err()).contains("the daemon's answer is not understood");
    }

    @Test
    void refusedTokenIsSaidEvenWhereTheAnswerHasNoText() throws IOException {
        Files.writeString(folder.resolve("a.jar"), "a");
        Path file = folder.resolve("c.json");
        Files.writeString(file, "{\"service-name\":\"shop\",\"command\":\"x\",\"copy-file\":true,\"file\":\"a.jar\"}");
        String toHead =
                "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/problem+json\r\nContent-Length: 99\r\n\r\n";
        assertThat(run("container", "run", file.toString(), "--host", answering(toHead)))
                .isEqualTo(1);
        assertThat(err()).contains("does not accept the token");
    }

    @Test
    void oneInspectedNameIsAnObjectAndSeveralAreAnArrayOfThoseThereAre() {
        daemon.on("GET /api/v1/services/shop", 200, SERVICE)
                .problem("GET /api/v1/services/no", 404, "no-service", "no \"no\"", "")
                .on("GET /api/v1/containers/5f", 200, CONTAINER);
        assertThat(run("container", "inspect", "5f")).isZero();
        assertThat(out()).startsWith("{\n  \"name\"").contains("\"later\" : {").endsWith("}\n");
        stdout.reset();
        assertThat(run("service", "inspect", "shop", "shop")).isZero();
        assertThat(out())
                .startsWith("[\n  {\n    \"name\"")
                .endsWith("  }\n]\n")
                .containsOnlyOnce("[\n  {");
        stdout.reset();
        assertThat(run("service", "inspect", "no", "shop")).isEqualTo(1);
        assertThat(out()).startsWith("[\n  {\n    \"name\" : \"shop\"").endsWith("  }\n]\n");
        stdout.reset();
        assertThat(run("service", "inspect", "no")).isEqualTo(1);
        assertThat(out()).isEmpty();
        assertThat(err()).isEqualTo("error: no \"no\"\nerror: no \"no\"\n");
    }

    @Test
    void removedContainerIsPrintedByItsWholeName() {
        daemon.on("GET /api/v1/containers/5f", 200, ENDED).on("DELETE /api/v1/containers/" + NAME, 204, "");
        assertThat(run("container", "rm", "5f")).isZero();
        assertThat(out()).isEqualTo(NAME + "\n");
        assertThat(run("container", "rm", "6f")).isEqualTo(1);
        assertThat(out()).isEqualTo(NAME + "\n");
    }

    /** The address of a server that says the same to whatever it is asked, once. */
    private static String answering(String answer) throws IOException {
        ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> {
            try (listener;
                    Socket socket = listener.accept()) {
                String head = "";
                while (!head.endsWith("\r\n\r\n")) {
                    head += (char) socket.getInputStream().read();
                }
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    @Test
    void wrongTokenAndWrongHostAreErrors() {
        assertThat(run("container", "list", "--host=127.0.0.1:3000")).isEqualTo(2);
        env.put("BROCKER_TOKEN", "other");
        assertThat(run("container", "list")).isEqualTo(1);
        assertThat(run("container", "stop", "5f")).isEqualTo(1);
        assertThat(err()).contains("is not the address of a daemon", "does not accept the token");
    }

    @Test
    void runUploadsOnlyWhatIsMissingAndPostsArtifacts() throws IOException {
        Files.createDirectory(folder.resolve("target"));
        Files.writeString(folder.resolve("target/a.jar"), "a");
        assertThat(folder.resolve("target/a.jar").toFile().setExecutable(true)).isTrue();
        Files.writeString(folder.resolve("b.txt"), "b");
        Path file = folder.resolve("c.json");
        Files.writeString(
                file,
                "{\"service-name\":\"shop\",\"command\":\"x\",\"copy-file\":true,\"file\":\"target/a.jar\",\"files\":[\"b.txt\"]}");
        String a = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
        String b = "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d";
        daemon.on("HEAD /api/v1/artifacts/" + b, 200, "").on("POST /api/v1/containers", 201, CONTAINER);
        assertThat(run("container", "run", file.toString())).isZero();
        assertThat(out()).isEqualTo(NAME + "\n");
        assertThat(err()).isEmpty();
        assertThat(daemon.uploads.get("PUT /api/v1/artifacts/" + a)).isEqualTo(new byte[] {'a'});
        assertThat(daemon.uploads).hasSize(1);
        assertThat(daemon.requests.getLast())
                .contains(
                        "{\"name\":\"a.jar\",\"sha256\":\"" + a + "\",\"executable\":true}",
                        b + "\",\"executable\":false}");
    }

    @Test
    void missingFileNamesLineAndKeyBeforeAnyRequest() throws IOException {
        Path file = folder.resolve("c.json");
        Files.writeString(file, "{\"service-name\":\"shop\",\n\"command\":\"x\",\n\"files\":[\n\"no.jar\"]}");
        assertThat(run("container", "run", file.toString())).isEqualTo(1);
        assertThat(err()).startsWith("error: \"" + file + "\" line 4: \"files\": no such file: \"no.jar\"\nhint: ");
        Files.writeString(file, "{\"command\":\"x\"}");
        assertThat(run("container", "run", file.toString())).isEqualTo(1);
        assertThat(err()).contains("the key \"service-name\" is missing");
        assertThat(daemon.requests).isEmpty();
    }

    @Test
    void serviceAddTellsWhatStands() throws IOException {
        Path file = folder.resolve("s.json");
        Files.writeString(file, "{\"name\":\"shop\",\"bridge-ip\":\"10.0.1.1\"}");
        daemon.on("POST /api/v1/services", 201, SERVICE);
        assertThat(run("service", "add", file.toString())).isZero();
        assertThat(out()).isEqualTo("shop: bridge brocker3, address 10.0.1.1/24, published at 127.0.0.1:8080\n");
    }

    @Test
    void stopGoesOnAfterAFailure() {
        daemon.problem("POST /api/v1/containers/aa/stop", 404, "no-container", "no \u001b\"aa\"", "look")
                .on("POST /api/v1/containers/5f/stop", 200, ENDED);
        assertThat(run("container", "stop", "aa", "5f", "--timeout", "3s")).isEqualTo(1);
        assertThat(out()).isEqualTo(NAME + "\n");
        assertThat(err()).isEqualTo("error: no \\u001b\"aa\"\nhint: look\n");
        assertThat(daemon.requests.getLast()).endsWith("{\"timeout\":\"3s\"}");
    }

    @Test
    void checkFailsWhenSomethingIsMissing() {
        daemon.on(
                "GET /api/v1/check",
                200,
                "[{\"subject\":\"nginx\",\"level\":\"missing\",\"detail\":\"none\",\"hint\":\"get it\"}]");
        assertThat(run("check")).isEqualTo(1);
        assertThat(out()).isEqualTo("""
                LEVEL     SUBJECT   DETAIL
                missing   nginx     none
                                    hint: get it
                """);
    }
}
