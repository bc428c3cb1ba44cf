package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The two minimal files of the first Brocker, which must keep working as they are. */
class FirstBrockerTest {
    private static final Path FILES = Distribution.sources().resolve("examples/mydetails");

    private static final String DEMO = """
            import com.sun.net.httpserver.HttpServer;
            import java.net.InetAddress;
            import java.net.InetSocketAddress;

            public class Demo {
                public static void main(String[] args) throws Exception {
                    int port = Integer.getInteger("server.port");
                    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
                    byte[] answer = (InetAddress.getLocalHost().getHostName() + "\\n").getBytes();
                    server.createContext("/", exchange -> {
                        exchange.sendResponseHeaders(200, answer.length);
                        exchange.getResponseBody().write(answer);
                        exchange.close();
                    });
                    server.start();
                }
            }
            """;

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @Test
    void theFilesAreTheOnesOfTheFirstBrocker() throws IOException {
        assertThat(Files.readString(FILES.resolve("service.json")).strip())
                .isEqualTo("{\"name\":\"mydetails\",\"bridge-ip\":\"10.0.1.1\"}");
        assertThat(Files.readString(FILES.resolve("container.json")).strip())
                .isEqualTo("{\"service-name\":\"mydetails\",\"command\":\"/usr/bin/java -Dserver.port=8080 -jar"
                        + " /app/demo.war\",\"copy-file\":true,\"file\":\"/path/demo.war\"}");
    }

    /** Their path and their java are of another host; nothing else is changed. */
    @Test
    void theyGiveAServiceThatTheApplicationAnswersThrough() throws IOException {
        Path war = demo();
        Path java = Path.of(System.getProperty("java.home")).toRealPath().resolve("bin/java");
        String container = Files.readString(FILES.resolve("container.json"))
                .replace("/path/demo.war", war.toString())
                .replace("/usr/bin/java", java.toString());
        BROCKERD.client("service", "add", FILES.resolve("service.json").toString())
                .succeeded();
        String name = BROCKERD.client(
                        "container",
                        "run",
                        BROCKERD.file("container.json", container).toString())
                .succeeded()
                .stdout()
                .strip();
        assertThat(name).matches("[0-9a-f]{40}");
        assertThat(BROCKERD.containers().resolve(name).resolve("demo.war")).hasSameBinaryContentAs(war);
        BROCKERD.awaitReady("mydetails", 1);
        Await.until("the application answers", Duration.ofSeconds(5), () -> {
            try {
                return Http.get("10.0.1.2", 80, "/").body().equals(name.substring(0, 12) + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        BROCKERD.client("container", "stop", name).succeeded();
        assertThat(BROCKERD.view(name).path("exit-code").asInt()).isEqualTo(128 + 15);
        BROCKERD.client("service", "remove", "mydetails").succeeded();
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    /** A web application as small as can be, in the place of the user's. */
    private static Path demo() throws IOException {
        Path source = BROCKERD.file("Demo.java", DEMO);
        Path javac = Path.of(System.getProperty("java.home")).resolve("bin/javac");
        Outcome.run(
                        List.of(javac.toString(), "-d", BROCKERD.work().toString(), source.toString()),
                        Map.of(),
                        new byte[0])
                .succeeded();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Main-Class", "Demo");
        Path war = BROCKERD.work().resolve("demo.war");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(war), manifest)) {
            jar.putNextEntry(new JarEntry("Demo.class"));
            jar.write(Files.readAllBytes(BROCKERD.work().resolve("Demo.class")));
        }
        return war;
    }
}
