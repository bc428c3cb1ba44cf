package brocker.daemon.names;

import brocker.kernel.KernelException;
import brocker.kernel.SocketDevice;
import brocker.runtime.network.Addresses;
import brocker.runtime.network.HostNetwork;
import brocker.spec.Cidr;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.xbill.DNS.Message;

/**
 * The name server at one bridge's address, by UDP and TCP, on virtual threads of its own. Its sockets receive from the bridge alone, and senders
 * outside the bridge's network are ignored. What one service can ask of it is bounded: questions a second, questions that wait for the host's
 * name servers, connections, sizes. Of these places and connections each container has its share ({@link Shares}); how many questions a second
 * reach the sockets from one container is bounded by the packet filter.
 */
final class Responder implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Responder.class.getName());

    private static final int LONGEST_QUERY = 4096;
    private static final int LONGEST_DATAGRAM = 16_384;
    private static final int QUERIES_PER_SECOND = 5000;

    /** Of these a container alone gets half. */
    private static final int WAITING = 128;

    /** The same. */
    private static final int CONNECTIONS = 32;

    private static final int BACKLOG = 64;

    /** In bytes: room for what the packet filter lets through of several containers at once. The kernel may grant less (rmem_max). */
    private static final int QUEUE = 1 << 20;

    private static final Duration IDLE = Duration.ofSeconds(10);

    private final String service;
    private final Cidr network;
    private final boolean egress;
    private final Answers answers;
    private final Forwarder forwarder;
    private final DatagramSocket datagrams;
    private final ServerSocket connections;
    private final List<Thread> loops = new ArrayList<>();
    private final Shares waiting = new Shares(WAITING);
    private final Shares connected = new Shares(CONNECTIONS);
    private final Deque<Socket> open = new ArrayDeque<>();
    private final ReentrantLock opening = new ReentrantLock();

    private Responder(
            String service,
            Cidr bridge,
            boolean egress,
            Answers answers,
            Forwarder forwarder,
            DatagramSocket datagrams,
            ServerSocket connections) {
        this.service = service;
        this.network = bridge;
        this.egress = egress;
        this.answers = answers;
        this.forwarder = forwarder;
        this.datagrams = datagrams;
        this.connections = connections;
    }

    /**
     * Listens at {@link HostNetwork#NAMES_PORT} of a bridge's address, until it is closed.
     *
     * @param device the bridge's link, which exists
     * @param bridge its address and network
     * @param egress whether the host's name servers are asked for its containers
     */
    static Responder open(
            String service, String device, Cidr bridge, boolean egress, Answers answers, Forwarder forwarder)
            throws IOException {
        InetSocketAddress address = new InetSocketAddress(Addresses.of(bridge.bits()), HostNetwork.NAMES_PORT);
        DatagramSocket datagrams = new DatagramSocket(address);
        ServerSocket connections;
        try {
            datagrams.setReceiveBufferSize(QUEUE);
            connections = new ServerSocket(address.getPort(), BACKLOG, address.getAddress());
        } catch (IOException e) {
            datagrams.close();
            throw e;
        }
        try {
            restrict(address, device);
        } catch (IOException e) {
            datagrams.close();
            connections.close();
            throw e;
        }
        Responder responder = new Responder(service, bridge, egress, answers, forwarder, datagrams, connections);
        responder.loops.add(responder.start("names-udp-", responder::serveDatagrams));
        responder.loops.add(responder.start("names-tcp-", responder::serveConnections));
        return responder;
    }

    private static void restrict(InetSocketAddress address, String device) throws IOException {
        try {
            if (SocketDevice.restrict(address, device) < 2) {
                throw new IllegalStateException("the sockets at " + address + " were not found");
            }
        } catch (KernelException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Thread start(String kind, Runnable body) {
        return Thread.ofVirtual().name(kind + service).start(body);
    }

    private void serveDatagrams() {
        Pace pace = new Pace(QUERIES_PER_SECOND);
        byte[] room = new byte[LONGEST_QUERY];
        while (!datagrams.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(room, room.length);
                datagrams.receive(packet);
                if (isOurs(packet.getAddress())) {
                    answer(Arrays.copyOf(room, packet.getLength()), (InetSocketAddress) packet.getSocketAddress());
                }
                pace.step();
            } catch (IOException | RuntimeException e) {
                report(datagrams.isClosed(), e);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void answer(byte[] query, InetSocketAddress to) throws IOException {
        switch (answers.to(query, egress)) {
            case Reply.Answer(Message message) -> send(message.toWire(), to);
            case Reply.Forward(int longest) -> {
                if (waiting.take(to.getAddress())) {
                    start("names-forward-", () -> forward(query, to, Math.min(longest, LONGEST_DATAGRAM)));
                } else {
                    send(Answers.unanswered(query), to);
                }
            }
            case Reply.Silence() -> {}
        }
    }

    private void forward(byte[] query, InetSocketAddress to, int longest) {
        try {
            send(forwarder.overUdp(query, longest), to);
        } catch (IOException e) {
            report(datagrams.isClosed(), e);
        } finally {
            waiting.release(to.getAddress());
        }
    }

    private void send(byte[] wire, InetSocketAddress to) throws IOException {
        datagrams.send(new DatagramPacket(wire, wire.length, to));
    }

    private void serveConnections() {
        Pace pace = new Pace(QUERIES_PER_SECOND);
        while (!connections.isClosed()) {
            try {
                Socket connection = connections.accept();
                if (isOurs(connection.getInetAddress()) && admit(connection)) {
                    start("names-connection-", () -> serve(connection));
                } else {
                    connection.close();
                }
                pace.step();
            } catch (IOException e) {
                report(connections.isClosed(), e);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        Pace pace = new Pace(QUERIES_PER_SECOND / CONNECTIONS);
        try (connection) {
            connection.setSoTimeout((int) IDLE.toMillis());
            DataInputStream in = new DataInputStream(connection.getInputStream());
            while (true) {
                byte[] query = Forwarder.receive(in, LONGEST_QUERY);
                switch (answers.to(query, egress)) {
                    case Reply.Answer(Message message) ->
                        Forwarder.send(connection.getOutputStream(), message.toWire());
                    case Reply.Forward _ -> Forwarder.send(connection.getOutputStream(), forwarder.overTcp(query));
                    case Reply.Silence() -> {
                        return;
                    }
                }
                pace.step();
            }
        } catch (IOException | InterruptedException _) {
            // The other side has left, was silent for too long, or said what is no message.
        } finally {
            dismiss(connection);
        }
    }

    /** If its container has its share of the connections already, the container's oldest makes room; false if it has none. */
    private boolean admit(Socket connection) throws IOException {
        InetAddress container = connection.getInetAddress();
        opening.lock();
        try {
            while (!connected.take(container)) {
                Optional<Socket> oldest = open.stream()
                        .filter(other -> other.getInetAddress().equals(container))
                        .findFirst();
                if (oldest.isEmpty()) {
                    return false;
                }
                dismiss(oldest.get());
                oldest.get().close();
            }
            open.addLast(connection);
            return true;
        } finally {
            opening.unlock();
        }
    }

    private void dismiss(Socket connection) {
        opening.lock();
        try {
            if (open.remove(connection)) {
                connected.release(connection.getInetAddress());
            }
        } finally {
            opening.unlock();
        }
    }

    /** Somebody beyond the bridge may know its address, too. */
    private boolean isOurs(InetAddress from) {
        return from instanceof Inet4Address ipv4 && network.contains(Addresses.bits(ipv4));
    }

    private void report(boolean closed, Exception e) {
        if (!closed) {
            LOG.log(System.Logger.Level.WARNING, "the names of \"" + service + "\"", e);
        }
    }

    /** The port is free when this returns: a socket that a thread waits at is closed when the thread has left it. */
    @Override
    public void close() {
        datagrams.close();
        try {
            connections.close();
            opening.lock();
            try {
                for (Socket connection : open) {
                    connection.close();
                }
            } finally {
                opening.unlock();
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "closing the names of \"" + service + "\"", e);
        }
        try {
            for (Thread loop : loops) {
                loop.interrupt();
                loop.join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
