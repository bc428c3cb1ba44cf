package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a container finds by name: of a service without egress, and of one with it. */
class NamesTest {
    private static final String RESOLV_CONF = "/etc/resolv.conf";

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static String kept = "";
    private static String free = "";

    @BeforeAll
    static void run() {
        BROCKERD.addService("{\"name\": \"kept\", \"bridge-ip\": \"10.78.20.1\", \"port\": 9000}");
        BROCKERD.addService("{\"name\": \"free\", \"bridge-ip\": \"10.78.21.1\", \"port\": 9000, \"egress\": true}");
        kept = BROCKERD.runTool("kept", "serve 9000");
        free = BROCKERD.runTool("free", "serve 9000");
        BROCKERD.awaitReady("kept", 1);
        BROCKERD.awaitReady("free", 1);
    }

    /** A service under another name than the others, removed in the end. */
    private static String addMoving(String bridge) {
        BROCKERD.addService("{\"name\": \"moving\", \"bridge-ip\": \"%s\", \"port\": 9000}".formatted(bridge));
        String container = BROCKERD.runTool("moving", "serve 9000");
        BROCKERD.awaitReady("moving", 1);
        return container;
    }

    @Test
    void everyServiceIsReachedByItsName() {
        assertThat(fetched(kept, "http://free/")).isEqualTo(free.substring(0, 12));
        assertThat(fetched(kept, "http://free.brocker/")).isEqualTo(free.substring(0, 12));
        assertThat(fetched(free, "http://kept/")).isEqualTo(kept.substring(0, 12));
        assertThat(fetched(kept, "http://kept/")).as("its own").isEqualTo(kept.substring(0, 12));
        assertThat(found(kept, "getent", "hosts", "free")).isEqualTo("10.78.21.2 free.brocker");
        assertThat(found(kept, "getent", "hosts", "10.78.21.2")).isEqualTo("10.78.21.2 free.brocker");
        assertThat(found(kept, "getent", "ahostsv6", "free")).as("IPv6").isEmpty();
        assertThat(found(kept, "getent", "hosts", kept.substring(0, 12)))
                .as("the container itself")
                .isEqualTo("10.78.20.3 " + kept.substring(0, 12));
        assertThat(found(kept, "getent", "hosts", "nobody")).isEmpty();
        assertThat(found(free, "getent", "hosts", "nobody")).isEmpty();
    }

    @Test
    void aServiceThatMovedIsFoundWhereItIsNow() {
        addMoving("10.78.30.1");
        assertThat(found(kept, "getent", "hosts", "moving")).startsWith("10.78.30.2 ");
        BROCKERD.client("service", "remove", "moving").succeeded();
        assertThat(found(kept, "getent", "hosts", "moving")).isEmpty();
        String there = addMoving("10.78.31.1");
        assertThat(fetched(kept, "http://moving/")).isEqualTo(there.substring(0, 12));
        BROCKERD.client("service", "remove", "moving").succeeded();
    }

    @Test
    void theNameServerIsTheBridgeAndWithEgressTheHostsSearchListFollows() throws Exception {
        assertThat(exec(kept, "cat", RESOLV_CONF))
                .isEqualTo("nameserver 10.78.20.1\nsearch brocker\noptions timeout:2 attempts:3\n");
        withHostFile("search example.org\nnameserver 192.0.2.53\n", () -> {
            // The first takes namespaces that were made ready before.
            for (int i = 0; i < 2; i++) {
                stop(BROCKERD.runTool("free", "sleep"));
            }
            String late = BROCKERD.runTool("free", "sleep");
            assertThat(exec(late, "cat", RESOLV_CONF))
                    .isEqualTo("nameserver 10.78.21.1\nsearch brocker example.org\noptions timeout:2 attempts:3\n");
            stop(late);
        });
    }

    private static void stop(String container) {
        BROCKERD.client("container", "stop", "--timeout", "0s", container).succeeded();
    }

    @Test
    void whatIsBeyondTheHostIsFoundWithEgressAlone() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (DatagramSocket server =
                new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 53))) {
            Thread.ofVirtual().start(() -> answerAll(server, asked));
            withHostFile("nameserver 127.0.0.1\n", () -> {
                assertThat(found(free, "getent", "ahostsv4", "www.example.com")).startsWith("192.0.2.80 STREAM");
                assertThat(asked).isNotEmpty().allMatch(name -> name.equals("www.example.com"));
                asked.clear();
                assertThat(found(free, "getent", "hosts", "nobody")).isEmpty();
                assertThat(found(kept, "getent", "ahostsv4", "secret.example.com"))
                        .isEmpty();
                assertThat(found(kept, "getent", "hosts", "192.0.2.80")).isEmpty();
                assertThat(asked).isEmpty();
            });
        }
    }

    @Test
    void aQuestionAskedWhileTheDaemonIsReplacedIsAnsweredByTheNextOne() throws Exception {
        long pid = BROCKERD.commandPid(kept);
        BROCKERD.stop();
        Process asking = new ProcessBuilder(
                        "nsenter",
                        "--target",
                        String.valueOf(pid),
                        "--net",
                        "--mount",
                        "--root",
                        "getent",
                        "hosts",
                        "free")
                .redirectErrorStream(true)
                .start();
        // It has asked once in vain by now.
        Thread.sleep(300);
        assertThat(asking.isAlive()).isTrue();
        BROCKERD.start();
        assertThat(new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("10.78.21.2 ");
        assertThat(fetched(free, "http://kept/")).isEqualTo(kept.substring(0, 12));
    }

    /** A JVM asks whoever is registered for that, and in the image nobody is. */
    @Test
    void theLibraryIsNotTheResolverOfOurOwnPrograms() {
        String java = Distribution.root().resolve("runtime/bin/java").toString();
        assertThat(Outcome.of(java, "--describe-module", "org.dnsjava"))
                .contains("exports org.xbill.DNS")
                .doesNotContain("provides");
    }

    private interface Body {
        void run() throws Exception;
    }

    /** Runs something while the host's {@code resolv.conf} says something else, which this mount namespace alone sees. */
    private static void withHostFile(String text, Body body) throws Exception {
        Path file = BROCKERD.file("resolv.conf", text);
        Outcome.of("mount", "--bind", file.toString(), RESOLV_CONF);
        try {
            body.run();
        } finally {
            Outcome.of("umount", RESOLV_CONF);
        }
    }

    /** A name server that knows one address for everything, see RFC 1035, section 4.1. */
    private static void answerAll(DatagramSocket server, List<String> asked) {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                server.receive(packet);
                ByteBuffer query = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
                List<String> labels = new ArrayList<>();
                int at = 12;
                for (; query.get(at) != 0; at += query.get(at) + 1) {
                    labels.add(new String(query.array(), at + 1, query.get(at), StandardCharsets.US_ASCII));
                }
                asked.add(String.join(".", labels));
                boolean address = query.getShort(at + 1) == 1;
                ByteBuffer answer = ByteBuffer.allocate(512)
                        .put(Arrays.copyOf(query.array(), at + 5))
                        .putShort(2, (short) 0x8180)
                        .putShort(6, (short) (address ? 1 : 0))
                        .putShort(8, (short) 0)
                        .putShort(10, (short) 0);
                if (address) {
                    answer.put(new byte[] {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, (byte) 192, 0, 2, 80});
                }
                server.send(new DatagramPacket(answer.array(), answer.position(), packet.getSocketAddress()));
            }
        } catch (IOException _) {
            // Closed: the test is over.
        }
    }

    /** The first word of what is fetched: who answered. */
    private static String fetched(String container, String url) {
        return exec(container, "curl", "--silent", "--show-error", "--max-time", "10", url)
                .strip()
                .split(" ", -1)[0];
    }

    /** The first line of a look-up, its words parted by single spaces; empty where nothing was found. */
    private static String found(String container, String... command) {
        return run(container, command)
                .stdout()
                .lines()
                .findFirst()
                .orElse("")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static String exec(String container, String... command) {
        return run(container, command).succeeded().stdout();
    }

    private static Outcome run(String container, String... command) {
        return BROCKERD.client(Stream.concat(Stream.of("container", "exec", container), Stream.of(command))
                .toArray(String[]::new));
    }
}
