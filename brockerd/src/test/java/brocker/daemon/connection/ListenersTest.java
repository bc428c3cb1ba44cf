package brocker.daemon.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brocker.spec.BrockerException;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections within small limits: three strangers, two known clients, a second for a head and for silence. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ListenersTest {
    private static final String GET = "GET /%s HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final ConnectionLimits LIMITS =
            new ConnectionLimits(3, 2, Duration.ofSeconds(1), Duration.ofSeconds(1));

    private final Semaphore begun = new Semaphore(0);
    private final CountDownLatch released = new CountDownLatch(1);
    private final List<SocketChannel> clients = new ArrayList<>();
    private final Path run;
    private ListeningSockets sockets;
    private Listeners listeners;

    ListenersTest(@TempDir Path directory) throws IOException {
        this.run = directory;
        this.sockets = ListeningSockets.open(freeAddress(), run, Map.of());
        this.listeners = listeners();
    }

    private Listeners listeners() {
        HttpRouting.Builder routing = HttpRouting.builder()
                .addFilter((chain, request, response) -> {
                    if (request.path().path().startsWith("/refused")) {
                        throw new IllegalStateException("refused");
                    }
                    Connection.current().begin();
                    try {
                        chain.proceed();
                    } finally {
                        Connection.current().end();
                    }
                })
                .get("/short", (_, response) -> response.send("short"))
                .get(
                        "/local",
                        (_, response) ->
                                response.send("local " + Connection.current().isLocal()))
                .get("/long", (_, response) -> {
                    begun.release();
                    released.await();
                    response.send("long");
                })
                .post("/patient", (request, response) -> {
                    Connection.current().waitForever();
                    response.send(request.content().as(String.class));
                })
                .post(
                        "/body",
                        (request, response) -> response.send(request.content().as(String.class)))
                .error(
                        BrockerException.Unreachable.class,
                        (_, response, e) -> response.status(503).send(e.message()))
                .error(
                        IllegalStateException.class,
                        (_, response, e) -> response.status(401)
                                .header(io.helidon.http.HeaderNames.CONNECTION, "close")
                                .send(String.valueOf(e.getMessage())));
        return new Listeners(sockets, routing, Optional.empty(), LIMITS);
    }

    private static InetSocketAddress freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
    }

    @BeforeEach
    void start() {
        listeners.start();
    }

    @AfterEach
    void stop() throws IOException {
        released.countDown();
        for (SocketChannel client : clients) {
            client.close();
        }
        listeners.close();
    }

    private SocketAddress unix() {
        return UnixDomainSocketAddress.of(run.resolve("brockerd.sock"));
    }

    private SocketChannel connect(SocketAddress address) throws IOException {
        SocketChannel client = SocketChannel.open(address);
        clients.add(client);
        return client;
    }

    private static void write(SocketChannel client, String text) throws IOException {
        client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    /** What comes next, empty at the end of the stream. */
    private static String read(SocketChannel client) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        try {
            client.read(buffer);
        } catch (IOException e) {
            return "";
        }
        return StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
    }

    private static boolean isClosed(SocketChannel client) throws IOException {
        return read(client).isEmpty();
    }

    private String answer(SocketAddress address, String path) throws IOException {
        try (SocketChannel client = SocketChannel.open(address)) {
            write(client, GET.formatted(path));
            return read(client);
        }
    }

    @Test
    void bothSocketsAnswerAndKnowWhichIsWhich() throws Exception {
        assertThat(answer(unix(), "local")).startsWith("HTTP/1.1 200 ").endsWith("local true");
        assertThat(answer(sockets.address(), "local")).endsWith("local false");
    }

    @Test
    void oneStrangerMoreClosesTheOldest() throws Exception {
        SocketChannel oldest = connect(sockets.address());
        write(oldest, "GET / HT");
        for (int i = 0; i < 3; i++) {
            write(connect(sockets.address()), "GET / HT");
        }
        long begin = System.nanoTime();
        assertThat(isClosed(oldest)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(800));
        assertThat(answer(sockets.address(), "short")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void strangersOfOneSocketDoNotConcernTheOther() throws Exception {
        SocketChannel half = connect(unix());
        write(half, "GET /short HTTP/1.1\r\n");
        for (int i = 0; i < 20; i++) {
            write(connect(sockets.address()), "GET / HT");
        }
        write(half, "Host: x\r\n\r\n");
        assertThat(read(half)).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void headThatDoesNotEndIsCutHoweverManyBytesCome() throws Exception {
        SocketChannel half = connect(sockets.address());
        long begin = System.nanoTime();
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    write(half, "x");
                    Thread.sleep(100);
                }
            } catch (IOException | InterruptedException _) {
                // Cut.
            }
        });
        assertThat(isClosed(half)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(900), Duration.ofSeconds(4));
    }

    @Test
    void bodyThatStopsComingAndIdleConnectionAreCut() throws Exception {
        SocketChannel body = connect(sockets.address());
        write(body, "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
        SocketChannel idle = connect(unix());
        write(idle, GET.formatted("short"));
        assertThat(read(idle)).startsWith("HTTP/1.1 200 ");
        assertThat(isClosed(body)).isTrue();
        assertThat(isClosed(idle)).isTrue();
    }

    @Test
    void bodyThatKeepsComingAndRequestThatTakesLongAreNotCut() throws Exception {
        SocketChannel body = connect(sockets.address());
        write(body, "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n");
        SocketChannel waiting = connect(unix());
        write(waiting, GET.formatted("long"));
        for (int i = 0; i < 10; i++) {
            Thread.sleep(400);
            write(body, "x");
        }
        assertThat(read(body)).endsWith("xxxxxxxxxx");
        released.countDown();
        assertThat(read(waiting)).endsWith("long");
    }

    @Test
    void handlerMayLetItsClientBeSilent() throws Exception {
        SocketChannel typing = connect(sockets.address());
        write(typing, "POST /patient HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na");
        Thread.sleep(3000);
        write(typing, "b");
        assertThat(read(typing)).endsWith("ab");
        // Only within this request.
        assertThat(isClosed(typing)).isTrue();
    }

    @Test
    void oneKnownClientMoreClosesAnIdleOneAndIsRefusedWhereNoneIs() throws Exception {
        SocketChannel idle = connect(sockets.address());
        write(idle, GET.formatted("short"));
        assertThat(read(idle)).endsWith("short");
        SocketChannel first = connect(sockets.address());
        write(first, GET.formatted("long"));
        SocketChannel second = connect(sockets.address());
        write(second, GET.formatted("long"));
        begun.acquire(2);
        assertThat(isClosed(idle)).isTrue();

        assertThat(answer(sockets.address(), "short"))
                .startsWith("HTTP/1.1 503 ")
                .contains("serves 2 clients");
        assertThat(answer(unix(), "short")).startsWith("HTTP/1.1 200 ");
        released.countDown();
        assertThat(read(first)).endsWith("long");
        assertThat(read(second)).endsWith("long");
    }

    @Test
    void refusedClientGetsItsAnswerAlthoughItGoesOnSending() throws Exception {
        SocketChannel client = connect(sockets.address());
        write(client, "POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(50_000));
        Thread.sleep(200);
        assertThat(read(client)).startsWith("HTTP/1.1 401 ").endsWith("refused");
        assertThat(isClosed(client)).isTrue();
    }

    @Test
    void clientsThatConnectBeforeItServesWait() throws Exception {
        listeners.close();
        sockets = ListeningSockets.open(freeAddress(), run, Map.of());
        SocketChannel early = connect(sockets.address());
        SocketChannel local = connect(unix());
        write(early, GET.formatted("short"));
        write(local, GET.formatted("short"));
        listeners = listeners();
        listeners.start();
        assertThat(read(early)).endsWith("short");
        assertThat(read(local)).endsWith("short");
    }

    @Test
    void nothingIsMadeAgainOnceClosed() {
        listeners.close();
        assertThat(sockets.restore()).isFalse();
        assertThat(run).isEmptyDirectory();
    }

    @Test
    void socketFileThatIsDeletedIsMadeAgain() throws Exception {
        Path file = run.resolve("brockerd.sock");
        Files.delete(file);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!Files.exists(file) && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertThat(answer(unix(), "short")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void socketOfAKilledDaemonIsReplacedAndOursGoesWithUs() throws Exception {
        listeners.close();
        assertThat(run).isEmptyDirectory();
        Path file = run.resolve("brockerd.sock");
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(file));
        }
        try (ListeningSockets second = ListeningSockets.open(freeAddress(), run, Map.of())) {
            assertThat(second.path()).isEqualTo(file);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .matches("rw-(rw-|---)---");
            connect(unix());
        }
        assertThat(run).isEmptyDirectory();
    }

    @Test
    void takenAddressIsOneClearError() {
        assertThatThrownBy(() -> ListeningSockets.open(sockets.address(), run, Map.of()))
                .isInstanceOf(BrockerException.Conflict.class)
                .hasMessage(
                        "cannot listen on \"127.0.0.1:" + sockets.address().getPort() + "\": address already in use");
    }
}
