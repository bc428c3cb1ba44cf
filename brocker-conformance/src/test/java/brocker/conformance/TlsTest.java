package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code brockerd --listen} at an address that is not loopback, with {@code --tls-cert} and {@code --tls-key}, and who trusts it. */
class TlsTest {
    private static final String ADDRESS = "10.78.64.1";
    private static final String LINK = "tls-test";

    @TempDir
    static Path work;

    private static final int PORT = Brockerd.freePort();

    @BeforeAll
    static void makeLinkAndCertificates() {
        Host.requireNoUplink();
        Outcome.of("ip", "link", "add", LINK, "type", "bridge");
        Outcome.of("ip", "address", "add", ADDRESS + "/24", "dev", LINK);
        Outcome.of("ip", "link", "set", LINK, "up");
        certificate("daemon", "IP:" + ADDRESS);
        certificate("other", "DNS:elsewhere");
    }

    @AfterAll
    static void deleteLink() {
        Outcome.of("ip", "link", "delete", LINK);
    }

    private static void certificate(String name, String subject) {
        Outcome.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=brockerd",
                "-addext",
                "subjectAltName=" + subject,
                "-keyout",
                pem(name + "-key"),
                "-out",
                pem(name));
    }

    private static String pem(String name) {
        return work.resolve(name + ".pem").toString();
    }

    private static List<String> daemon(String... more) {
        List<String> command = new ArrayList<>(Outcome.command(
                Distribution.program("brockerd"),
                "--container-dir",
                work.resolve("container").toString(),
                "--state-dir",
                work.resolve("state").toString(),
                "--run-dir",
                work.resolve("run").toString(),
                "--cgroup-parent",
                "brocker-tls-" + ProcessHandle.current().pid()));
        command.addAll(List.of(more));
        return command;
    }

    private static Outcome refused(String... more) {
        return Outcome.run(daemon(more), Map.of(), new byte[0]).failed(2);
    }

    private static Outcome version(String host, String... more) {
        List<String> command = new ArrayList<>(Outcome.command(
                Distribution.program("brocker-client"),
                "container",
                "list",
                "--host",
                host,
                "--token-file",
                work.resolve("run/token").toString()));
        command.addAll(List.of(more));
        return Outcome.run(command, Map.of(), new byte[0]);
    }

    private static void awaitPort() {
        Await.until("brockerd serves", Duration.ofSeconds(20), () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(ADDRESS, PORT), 1000);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    @Test
    void addressThatIsNotLoopbackServesByTlsAlone() throws IOException, InterruptedException {
        Path config = Files.writeString(
                work.resolve("brockerd.json"), """
                {"listen": "%s:%d", "tls-cert": "%s", "tls-key": "%s"}""".formatted(ADDRESS, PORT, pem("daemon"), pem("daemon-key")));
        Process process = new ProcessBuilder(daemon("--config", config.toString()))
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("log").toFile())
                .start();
        try {
            awaitPort();
            String url = "https://" + ADDRESS + ":" + PORT;
            version(url, "--ca-file", pem("daemon")).succeeded();
            version(url)
                    .failed(125)
                    .saying("the certificate of \"" + url + "\" is not trusted")
                    .hinting("--ca-file");
            version(url, "--ca-file", pem("other")).failed(125).saying("is not trusted");
            version(url, "--ca-file", pem("none"))
                    .failed(1)
                    .saying("cannot read \"" + pem("none") + "\": No such file or directory")
                    .hinting("BROCKER_CA_FILE");
            version(url, "--ca-file", pem("daemon-key")).failed(1).saying("holds no certificate in PEM");
            version("http://" + ADDRESS + ":" + PORT)
                    .failed(1)
                    .saying("is not a loopback address: the token is not sent there unencrypted")
                    .hinting("https://");
            assertThat(Host.lines(work.resolve("log"))).anyMatch(line -> line.endsWith(" serves on " + url));
        } finally {
            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void certificateForAnotherNameIsRefusedByTheClient() throws IOException, InterruptedException {
        String listen = ADDRESS + ":" + PORT;
        Process process = new ProcessBuilder(
                        daemon("--listen", listen, "--tls-cert", pem("other"), "--tls-key", pem("other-key")))
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("log").toFile())
                .start();
        try {
            awaitPort();
            version("https://" + listen, "--ca-file", pem("other")).failed(125).saying("is for another name");
        } finally {
            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whatCannotBeIsRefusedBeforeAnythingIsDone() throws IOException {
        String listen = ADDRESS + ":" + PORT;
        refused("--listen", listen)
                .saying("\"" + listen + "\" is not a loopback address")
                .hinting("--tls-cert");
        refused("--listen", listen, "--tls-cert", pem("daemon")).saying("--tls-cert needs --tls-key");
        refused("--tls-key", pem("daemon-key")).saying("--tls-key needs --tls-cert");
        refused("--listen", listen, "--tls-cert", pem("daemon"), "--tls-key", pem("other-key"))
                .saying("is not the key of the certificate");
        refused("--listen", listen, "--tls-cert", pem("none"), "--tls-key", pem("daemon-key"))
                .saying("cannot read --tls-cert \"" + pem("none") + "\": no such file");
        refused("--listen", listen, "--tls-cert", pem("daemon"), "--tls-key", pem("daemon"))
                .saying("holds no private key in PEM");
        refused("--listen", listen, "--tls-cert", pem("daemon-key"), "--tls-key", pem("daemon-key"))
                .saying("holds no certificate in PEM");
        Outcome.of("openssl", "ec", "-in", pem("daemon-key"), "-out", pem("sec1"));
        refused("--listen", listen, "--tls-cert", pem("daemon"), "--tls-key", pem("sec1"))
                .saying("is a \"EC PRIVATE KEY\"")
                .hinting("openssl pkcs8 -topk8");
        Path config = Files.writeString(work.resolve("wrong.json"), "{\"tls-certs\": \"x\"}");
        refused("--config", config.toString()).hinting("\"tls-cert\"");
    }
}
