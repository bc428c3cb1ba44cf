package brocker.daemon.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brocker.runtime.network.HostNetwork;
import brocker.spec.Cidr;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** On the wire, where a bridge is a part of loopback. */
final class ResponderTest {
    private static final Cidr BRIDGE = Cidr.parse("127.77.1.1/24");
    private static final InetSocketAddress SERVER =
            new InetSocketAddress(InetAddress.ofLiteral("127.77.1.1"), HostNetwork.NAMES_PORT);

    private final NameTable table = new NameTable();
    private final List<AutoCloseable> owned = new ArrayList<>();

    @BeforeEach
    void addService() {
        table.put("shop", new NameTable.Entry(BRIDGE, Cidr.parse("127.77.1.2").bits()));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable part : owned.reversed()) {
            part.close();
        }
    }

    private <T extends AutoCloseable> T own(T part) {
        owned.add(part);
        return part;
    }

    private Responder open(boolean egress, FakeServer... servers) throws IOException {
        List<InetSocketAddress> addresses =
                List.of(servers).stream().map(FakeServer::address).toList();
        return own(Responder.open("shop", "lo", BRIDGE, egress, new Answers(table), new Forwarder(() -> addresses)));
    }

    private static byte[] query(String name) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name, Name.root), Type.A, DClass.IN))
                .toWire();
    }

    private DatagramSocket container(String address) throws IOException {
        DatagramSocket socket = own(new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(address), 0)));
        socket.setSoTimeout(5000);
        return socket;
    }

    private static void send(DatagramSocket from, byte[] wire) throws IOException {
        from.send(new DatagramPacket(wire, wire.length, SERVER));
    }

    private static Message receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        socket.receive(packet);
        return new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    /** As resolvers do: a datagram may get lost, as in a queue that is full of garbage. */
    private static Message askUntilAnswered(DatagramSocket socket, byte[] wire) throws IOException {
        socket.setSoTimeout(1000);
        for (int attempt = 1; ; attempt++) {
            send(socket, wire);
            try {
                return receive(socket);
            } catch (SocketTimeoutException e) {
                if (attempt == 10) {
                    throw e;
                }
            }
        }
    }

    private Socket connect() throws IOException {
        return connect("127.77.1.3");
    }

    private Socket connect(String from) throws IOException {
        Socket socket = own(new Socket());
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        socket.setSoTimeout(5000);
        socket.connect(SERVER, 5000);
        return socket;
    }

    private static Message ask(Socket connection, byte[] wire) throws IOException {
        Forwarder.send(connection.getOutputStream(), wire);
        return new Message(Forwarder.receive(new DataInputStream(connection.getInputStream()), 65_535));
    }

    @Test
    void datagramsAndConnectionsAreAnswered() throws IOException {
        open(false);
        DatagramSocket container = container("127.77.1.3");
        send(container, query("shop"));
        assertThat(receive(container).getRcode()).isEqualTo(Rcode.NOERROR);
        Socket connection = connect();
        assertThat(ask(connection, query("shop")).getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(ask(connection, query("example.com")).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    }

    @Test
    void whoIsNotOfTheBridgesNetworkIsNotHeard() throws IOException {
        open(false);
        DatagramSocket stranger = container("127.77.2.3");
        stranger.setSoTimeout(300);
        send(stranger, query("shop"));
        assertThatThrownBy(() -> receive(stranger)).isInstanceOf(SocketTimeoutException.class);
        try (Socket connection = new Socket()) {
            connection.bind(new InetSocketAddress(InetAddress.ofLiteral("127.77.2.3"), 0));
            connection.connect(SERVER, 5000);
            connection.setSoTimeout(5000);
            assertThatThrownBy(() -> ask(connection, query("shop"))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void missingDeviceIsSaidAndNothingStays() throws IOException {
        assertThatThrownBy(() ->
                        Responder.open("shop", "missing", BRIDGE, false, new Answers(table), new Forwarder(List::of)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("setsockopt(\"missing\"): ENODEV");
        open(false);
    }

    @Test
    void onlyWithEgressTheHostsServersHearOfAQuestion() throws IOException {
        FakeServer server = own(new FakeServer(asked -> FakeServer.answer(asked, Rcode.NOERROR)));
        DatagramSocket container = container("127.77.1.3");
        try (Responder _ = open(false, server)) {
            send(container, query("secret.example.com"));
            assertThat(receive(container).getRcode()).isEqualTo(Rcode.NXDOMAIN);
            assertThat(ask(connect(), query("secret.example.com")).getRcode()).isEqualTo(Rcode.NXDOMAIN);
            assertThat(server.byUdp()).isEmpty();
            assertThat(server.byTcp()).isEmpty();
        }
        open(true, server);
        send(container, query("www.example.com"));
        assertThat(receive(container).getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(ask(connect(), query("www.example.com")).getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(server.byUdp()).hasSize(1);
        assertThat(server.byTcp()).hasSize(1);
    }

    @Test
    void soManyQuestionsWaitForTheHostsServersAndServicesAreFoundMeanwhile() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        FakeServer slow = own(new FakeServer(asked -> {
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return asked;
        }));
        open(true, slow);
        DatagramSocket container = container("127.77.1.3");
        for (int i = 0; i < 70; i++) {
            send(container, query("n" + i + ".example.com"));
        }
        for (int i = 0; i < 6; i++) {
            assertThat(receive(container).getRcode()).as("beyond 64").isEqualTo(Rcode.SERVFAIL);
        }
        send(container, query("shop"));
        assertThat(receive(container).getRcode()).isEqualTo(Rcode.NOERROR);
        DatagramSocket other = container("127.77.1.4");
        for (int i = 0; i < 33; i++) {
            send(other, query("m" + i + ".example.com"));
        }
        assertThat(receive(other).getRcode())
                .as("beyond half of what the first left")
                .isEqualTo(Rcode.SERVFAIL);
        other.setSoTimeout(200);
        assertThatThrownBy(() -> receive(other)).as("32 wait").isInstanceOf(SocketTimeoutException.class);
        open.countDown();
    }

    @Test
    void theConnectionsOfOneContainerLeaveThoseOfAnotherAlone() throws IOException {
        open(false);
        Socket other = connect("127.77.1.4");
        assertThat(ask(other, query("shop")).getRcode()).isEqualTo(Rcode.NOERROR);
        for (int i = 0; i < 40; i++) {
            ask(connect(), query("shop"));
        }
        assertThat(ask(other, query("shop")).getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(ask(connect("127.77.1.5"), query("shop")).getRcode()).isEqualTo(Rcode.NOERROR);
    }

    @Test
    void theOldestOfTooManyConnectionsMakesRoom() throws IOException {
        open(false);
        List<Socket> connections = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            connections.add(connect());
            if (i > 0) {
                ask(connections.getLast(), query("shop"));
            }
        }
        assertThatThrownBy(() -> ask(connections.getFirst(), query("shop"))).isInstanceOf(IOException.class);
        assertThat(ask(connections.get(1), query("shop")).getRcode()).isEqualTo(Rcode.NOERROR);
    }

    @Test
    void garbageIsSurvived() throws IOException {
        open(true);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        DatagramSocket hostile = container("127.77.1.4");
        for (int i = 0; i < 3000; i++) {
            byte[] wire = new byte[random.nextInt(600)];
            random.nextBytes(wire);
            send(hostile, wire);
        }
        for (int i = 0; i < 50; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            try (Socket connection = connect()) {
                connection.getOutputStream().write(bytes);
            }
        }
        assertThat(askUntilAnswered(container("127.77.1.3"), query("shop")).getRcode())
                .as("seed %d", seed)
                .isEqualTo(Rcode.NOERROR);
        assertThat(ask(connect(), query("shop")).getRcode()).as("seed %d", seed).isEqualTo(Rcode.NOERROR);
    }

    @Test
    void aPortThatIsTakenIsSaidAndNothingOfItStays() throws IOException {
        try (DatagramSocket _ = new DatagramSocket(new InetSocketAddress(HostNetwork.NAMES_PORT))) {
            assertThatThrownBy(() -> open(false)).isInstanceOf(BindException.class);
        }
        for (int i = 0; i < 20; i++) {
            open(false).close();
        }
    }
}
