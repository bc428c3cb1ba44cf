package brocker.daemon.names;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks the host's name servers, one after the other, and passes on what the first says that has an answer: as it came, but for the
 * number. What was asked by UDP is asked by UDP, and what is asked again by TCP, because the answer was cut short, by TCP. Every
 * question has a port and a number of its own that cannot be guessed. Thread-safe; blocks.
 */
final class Forwarder {
    private static final Duration TIMEOUT = Duration.ofMillis(1500);
    private static final int LONGEST_MESSAGE = 65_535;
    private static final int HEADER = 12;
    private static final int SERVFAIL = 2;
    private static final int NOTIMP = 4;
    private static final int REFUSED = 5;

    private final Supplier<List<InetSocketAddress>> servers;
    private final SecureRandom random = new SecureRandom();

    /** @param servers in the order in which they are asked */
    Forwarder(Supplier<List<InetSocketAddress>> servers) {
        this.servers = servers;
    }

    /**
     * Asks by datagrams.
     *
     * @param longest what the one who asks takes, in bytes
     */
    byte[] overUdp(byte[] query, int longest) {
        return first(query, (server, renumbered) -> exchange(server, renumbered, longest));
    }

    /** Asks over a connection. */
    byte[] overTcp(byte[] query) {
        return first(query, Forwarder::connect);
    }

    /** One exchange with one server; empty where it gave no answer to this question in time. */
    private interface Exchange {
        Optional<byte[]> with(InetSocketAddress server, byte[] query) throws IOException;
    }

    private byte[] first(byte[] query, Exchange exchange) {
        byte[] renumbered = query.clone();
        byte[] number = new byte[2];
        random.nextBytes(number);
        System.arraycopy(number, 0, renumbered, 0, 2);
        byte[] last = Answers.unanswered(query);
        for (InetSocketAddress server : servers.get()) {
            Optional<byte[]> answer = ask(exchange, server, renumbered);
            if (answer.isPresent()) {
                last = answer.get();
                System.arraycopy(query, 0, last, 0, 2);
                int code = last[3] & 15;
                if (code != SERVFAIL && code != NOTIMP && code != REFUSED) {
                    return last;
                }
            }
        }
        return last;
    }

    private static Optional<byte[]> ask(Exchange exchange, InetSocketAddress server, byte[] query) {
        try {
            return exchange.with(server, query);
        } catch (IOException _) {
            // Unreachable, refused or too late: the next one is asked, and with none left the asker hears of it.
            return Optional.empty();
        }
    }

    private static Optional<byte[]> exchange(InetSocketAddress server, byte[] query, int longest) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            socket.send(new DatagramPacket(query, query.length));
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            byte[] room = new byte[longest + 1];
            for (long left = TIMEOUT.toMillis(); left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
                DatagramPacket packet = new DatagramPacket(room, room.length);
                socket.setSoTimeout((int) left);
                socket.receive(packet);
                byte[] answer = Arrays.copyOf(room, packet.getLength());
                if (answers(answer, query)) {
                    return Optional.of(answer.length > longest ? Answers.truncated(query) : answer);
                }
            }
            return Optional.empty();
        }
    }

    private static Optional<byte[]> connect(InetSocketAddress server, byte[] query) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server, (int) TIMEOUT.toMillis());
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            send(socket.getOutputStream(), query);
            byte[] answer = receive(new DataInputStream(socket.getInputStream()), LONGEST_MESSAGE);
            return answers(answer, query) ? Optional.of(answer) : Optional.empty();
        }
    }

    /** Sends a message over a connection, its length first. */
    static void send(OutputStream out, byte[] message) throws IOException {
        byte[] framed = new byte[message.length + 2];
        framed[0] = (byte) (message.length >>> 8);
        framed[1] = (byte) message.length;
        System.arraycopy(message, 0, framed, 2, message.length);
        out.write(framed);
    }

    /** Reads a message from a connection. */
    static byte[] receive(DataInputStream in, int longest) throws IOException {
        int length = in.readUnsignedShort();
        if (length > longest) {
            throw new IOException("a message of " + length + " bytes, where " + longest + " are allowed");
        }
        byte[] message = new byte[length];
        in.readFully(message);
        return message;
    }

    /** Whether a message answers this question: its number, and the same words but for their case; some errors repeat no question. */
    private static boolean answers(byte[] answer, byte[] query) {
        if (answer.length < HEADER || answer[0] != query[0] || answer[1] != query[1] || (answer[2] & 0x80) == 0) {
            return false;
        }
        int end = endOfQuestion(query);
        boolean alone = answer[4] == 0 && answer[5] == 0 && (answer[3] & 15) != 0;
        if (alone || answer.length < end) {
            return alone;
        }
        for (int i = HEADER; i < end; i++) {
            if (Character.toLowerCase(answer[i] & 255) != Character.toLowerCase(query[i] & 255)) {
                return false;
            }
        }
        return true;
    }

    /** Of a message that was read as a question before. */
    private static int endOfQuestion(byte[] query) {
        int at = HEADER;
        while (at < query.length && query[at] != 0) {
            at += 1 + (query[at] & 63);
        }
        return Math.min(query.length, at + 5);
    }
}
