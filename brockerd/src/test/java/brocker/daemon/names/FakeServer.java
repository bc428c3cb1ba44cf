package brocker.daemon.names;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** A name server of the host's, at loopback: each at an address of its own, where the port is nobody else's over UDP and over TCP. */
final class FakeServer implements AutoCloseable {
    private static final int PORT = 5300;
    private static final AtomicInteger MADE = new AtomicInteger();

    private final DatagramSocket datagrams;
    private final ServerSocket connections;
    private final UnaryOperator<Message> program;
    private final List<Message> byUdp = new CopyOnWriteArrayList<>();
    private final List<Message> byTcp = new CopyOnWriteArrayList<>();
    private final List<Integer> ports = new CopyOnWriteArrayList<>();

    /** @param program gives the answer to a question; the question itself where there is to be none */
    FakeServer(UnaryOperator<Message> program) throws IOException {
        int number = MADE.getAndIncrement();
        InetAddress loopback = InetAddress.ofLiteral("127.66." + number / 250 + "." + (number % 250 + 1));
        this.datagrams = new DatagramSocket(new InetSocketAddress(loopback, PORT));
        this.connections = new ServerSocket(PORT, 8, loopback);
        this.program = program;
        Thread.ofVirtual().start(this::serveDatagrams);
        Thread.ofVirtual().start(this::serveConnections);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) datagrams.getLocalSocketAddress();
    }

    List<Message> byUdp() {
        return byUdp;
    }

    List<Message> byTcp() {
        return byTcp;
    }

    /** Where the datagrams came from. */
    List<Integer> ports() {
        return ports;
    }

    /** An answer of one code with records. */
    static Message answer(Message query, int code, Record... records) {
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setRcode(code);
        answer.addRecord(query.getQuestion(), Section.QUESTION);
        for (Record record : records) {
            answer.addRecord(record, Section.ANSWER);
        }
        return answer;
    }

    private void serveDatagrams() {
        byte[] room = new byte[4096];
        while (!datagrams.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(room, room.length);
                datagrams.receive(packet);
                Message query = new Message(Arrays.copyOf(room, packet.getLength()));
                byUdp.add(query);
                ports.add(packet.getPort());
                Message answer = program.apply(query);
                if (answer.getHeader().getFlag(Flags.QR)) {
                    byte[] wire = answer.toWire();
                    datagrams.send(new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                requireClosed(datagrams.isClosed(), e);
            }
        }
    }

    private void serveConnections() {
        while (!connections.isClosed()) {
            try (Socket connection = connections.accept()) {
                Message query =
                        new Message(Forwarder.receive(new DataInputStream(connection.getInputStream()), 65_535));
                byTcp.add(query);
                Forwarder.send(
                        connection.getOutputStream(), program.apply(query).toWire());
            } catch (IOException e) {
                requireClosed(connections.isClosed(), e);
            }
        }
    }

    private static void requireClosed(boolean closed, IOException e) {
        if (!closed) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        connections.close();
    }
}
