package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** To whom the client speaks, and to whom it shows the token: the attempts of a local user to be taken for the daemon. */
class ClientDoorTest {
    /** A user of no special rights, without a name. */
    private static final int MALLORY = 54_322;

    /** Listens at an address and a port, accepts or not, and prints whatever a client sends. */
    private static final String LISTENER = """
            use Socket;
            my ($address, $port, $accepts) = @ARGV;
            my $six = $address =~ /:/;
            socket(my $listener, $six ? AF_INET6 : AF_INET, SOCK_STREAM, 0) or die $!;
            setsockopt($listener, SOL_SOCKET, SO_REUSEADDR, 1) or die $!;
            my $ip = Socket::inet_pton($six ? AF_INET6 : AF_INET, $address);
            bind($listener, $six ? Socket::pack_sockaddr_in6($port, $ip) : pack_sockaddr_in($port, $ip)) or die $!;
            listen($listener, 8) or die $!;
            $| = 1;
            print "listens\\n";
            sleep 3 unless $accepts;
            while (accept(my $client, $listener)) {
                print "connected\\n";
                while (sysread($client, my $bytes, 4096)) { print $bytes; last if $bytes =~ /\\r\\n\\r\\n/; }
                syswrite($client, "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\n[]");
                close($client);
            }
            """;

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final List<Process> listeners = new ArrayList<>();

    @AfterEach
    void startAgain() {
        listeners.forEach(listener -> listener.destroyForcibly().onExit().join());
        if (BROCKERD.endsWithin(Duration.ZERO)) {
            BROCKERD.start();
        }
    }

    /** Runs it as a user, and waits until it listens. Gives where its output goes. */
    private Path listen(int user, String address, boolean accepts) {
        Path out = BROCKERD.work().resolve("listener.out");
        try {
            Files.deleteIfExists(out);
            listeners.add(new ProcessBuilder(asUser(
                            user, "perl", "-e", LISTENER, address, String.valueOf(BROCKERD.port()), accepts ? "1" : ""))
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Await.until("it listens", Duration.ofSeconds(10), () -> Host.lines(out).contains("listens"));
        return out;
    }

    private static List<String> asUser(int user, String... command) {
        List<String> words =
                new ArrayList<>(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "--"));
        words.addAll(List.of(command));
        return words;
    }

    /** The client as that user, from a place that all users can reach. */
    private static Outcome clientAsMallory(Map<String, String> env, String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount --bind \"$0\" /mnt && exec \"$@\"",
                Distribution.root().toString()));
        words.addAll(asUser(MALLORY, "/mnt/bin/brocker-client"));
        words.addAll(List.of(arguments));
        return Outcome.run(words, env, new byte[0]);
    }

    private static Outcome client(String host, String... arguments) {
        Map<String, String> env = new HashMap<>(BROCKERD.clientEnv());
        env.put("BROCKER_HOST", host);
        return Outcome.run(Outcome.command(Distribution.program("brocker-client"), arguments), env, new byte[0]);
    }

    private static String token() {
        return Host.lines(BROCKERD.token()).getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.1, false",
        "0.0.0.0, 127.0.0.1, true",
        "0.0.0.0, 127.0.0.1, false",
        "::, 127.0.0.1, false",
        "::1, [::1], true",
        "127.0.0.1, localhost, false"
    })
    void userWhoTakesThePortOfAStoppedDaemonIsNotShownTheToken(String address, String host, boolean accepts) {
        BROCKERD.stop();
        Path heard = listen(MALLORY, address, accepts);
        client("http://" + host + ":" + BROCKERD.port(), "container", "list")
                .failed(125)
                .saying(
                        "port " + BROCKERD.port() + " at ",
                        " belongs to user \"" + MALLORY + "\", not to root; the token was not sent")
                .hinting("BROCKER_HOST=unix:///run/brocker/brockerd.sock");
        Await.until(
                "it has accepted the connection",
                Duration.ofSeconds(10),
                () -> Host.lines(heard).contains("connected"));
        assertThat(String.join("\n", Host.lines(heard))).doesNotContain(token()).doesNotContain("HTTP");
    }

    /** What the test above would hear, if the client sent it. */
    @ParameterizedTest
    @CsvSource({"127.0.0.1, true", "127.0.0.1, false", "::, false"})
    void listenerOfRootIsShownTheToken(String address, boolean accepts) {
        BROCKERD.stop();
        Path heard = listen(0, address, accepts);
        client("http://127.0.0.1:" + BROCKERD.port(), "-q", "container", "list").succeeded();
        assertThat(String.join("\n", Host.lines(heard))).contains("Authorization: Bearer " + token());
    }

    @Test
    void listenerOfTheUsersOwnIsShownTheToken() {
        BROCKERD.stop();
        Path heard = listen(MALLORY, "127.0.0.1", true);
        String host = "http://127.0.0.1:" + BROCKERD.port();
        clientAsMallory(
                        Map.of("BROCKER_HOST", host, "BROCKER_TOKEN", "mine", "BROCKER_TOKEN_FILE", ""),
                        "-q",
                        "container",
                        "list")
                .succeeded();
        assertThat(String.join("\n", Host.lines(heard))).contains("Authorization: Bearer mine");
    }

    @Test
    void socketOfTheDaemonNeedsNoToken() {
        Map<String, String> env = new HashMap<>(BROCKERD.clientEnv());
        env.put("BROCKER_HOST", "unix://" + BROCKERD.socket());
        env.put("BROCKER_TOKEN_FILE", "/nonexistent");
        List<String> client = Outcome.command(Distribution.program("brocker-client"), "container", "list", "--verbose");
        assertThat(Outcome.run(client, env, new byte[0]).succeeded().stderr()).contains("GET /api/v1/containers 200");
        BROCKERD.stop();
        Outcome.run(client, env, new byte[0]).failed(125).saying("no daemon answers at \"unix://" + BROCKERD.socket());
    }

    @Test
    void userWhoMayNotConnectToTheSocketIsToldWhy() {
        clientAsMallory(Map.of("BROCKER_HOST", "unix://" + BROCKERD.socket()), "container", "list")
                .failed(125)
                .saying("cannot connect to \"unix://" + BROCKERD.socket() + "\": permission denied")
                .hinting("group \"brocker\"");
    }

    /** In a mount namespace with a {@code /run} of its own. */
    private static Outcome atHome(String setUp, String... arguments) {
        String script = "mount -t tmpfs none /run && mkdir -p /run/brocker && %s && exec \"$@\"".formatted(setUp);
        List<String> words = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", script, "sh"));
        words.addAll(Outcome.command(Distribution.program("brocker-client"), arguments));
        return Outcome.run(
                words, Map.of("BROCKER_HOST", "", "BROCKER_TOKEN", "", "BROCKER_TOKEN_FILE", ""), new byte[0]);
    }

    @Test
    void addressThatIsNotGivenIsTheSocketAndWhereThereIsNoneThePort() {
        String socket = BROCKERD.socket().toString();
        String linked = "ln -s " + socket + " /run/brocker/brockerd.sock";
        assertThat(atHome(linked, "container", "list", "--verbose").succeeded().stderr())
                .contains("GET /api/v1/containers 200");
        String port = "\"http://127.0.0.1:3000\"";
        atHome("true", "container", "list").failed(125).saying("no daemon answers at " + port);
        // A token is for the port.
        atHome(linked, "container", "list", "--token-file", BROCKERD.token().toString())
                .failed(125)
                .saying("no daemon answers at " + port);
        BROCKERD.kill();
        atHome(linked, "container", "list")
                .failed(125)
                .saying("no daemon answers at \"unix:///run/brocker/brockerd.sock\"");
    }
}
