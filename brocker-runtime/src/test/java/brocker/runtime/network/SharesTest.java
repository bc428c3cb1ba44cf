package brocker.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.runtime.RequiresSandbox;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one container can take of what all of them share. */
@RequiresSandbox
final class SharesTest {
    private static final String GREEDY = "10.1.1.3";
    private static final String MODEST = "10.1.1.4";

    /** More than the queue of a socket holds. */
    private static final int MANY = 20_000;

    @Test
    void questionsOfOneContainerLeaveRoomForThoseOfAnother() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, false, false);
            Station greedy = lan.station(1, 3);
            Station modest = lan.station(1, 4);
            try (DatagramChannel names = lan.host().datagrams("10.1.1.1", HostNetwork.NAMES_PORT)) {
                names.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
                for (int port : new int[] {53, HostNetwork.NAMES_PORT}) {
                    Duration took = ask(greedy, GREEDY, port, MANY);
                    ask(modest, MODEST, port, 20);
                    Heard heard = Heard.of(names);
                    assertThat(heard.greedy).isBetween(250L, 260 + took.toMillis() / 2);
                    assertThat(heard.modest).isEqualTo(20);
                    // The rate is a container's for both ports, and full again after half a second.
                    Thread.sleep(700);
                }
                lan.change("flush chain inet brocker questions");
                ask(greedy, GREEDY, 53, MANY);
                ask(modest, MODEST, 53, 20);
                Heard heard = Heard.of(names);
                assertThat(heard.modest).as("without the rule").isZero();
            }
        }
    }

    @Test
    void whatIsTrackedOfAQuestionIsForgottenSoon() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, false, false);
            Station container = lan.station(1, 3);
            try (DatagramChannel names = lan.host().datagrams("10.1.1.1", HostNetwork.NAMES_PORT)) {
                ask(container, GREEDY, 53, 1);
                ask(container, GREEDY, HostNetwork.NAMES_PORT, 1);
                assertThat(Heard.of(names).greedy).isEqualTo(2);
                assertThat(secondsLeft(lan)).hasSize(2).allMatch(seconds -> seconds <= 5);
                lan.change("flush chain inet brocker asking");
                ask(container, GREEDY, HostNetwork.NAMES_PORT, 1);
                assertThat(secondsLeft(lan)).as("without the rule").anyMatch(seconds -> seconds > 20);
            }
        }
    }

    /** For how long each tracked connection of UDP is kept if nothing more is said: the fifth word of its line. */
    private static List<Integer> secondsLeft(Lan lan) {
        return lan.host()
                .run("cat", "/proc/net/nf_conntrack")
                .lines()
                .map(line -> line.split(" +", -1))
                .filter(words -> words[2].equals("udp"))
                .map(words -> Integer.parseInt(words[4]))
                .toList();
    }

    /** Sends datagrams as fast as it can, and gives how long it took. */
    private static Duration ask(Station station, String from, int port, int times) throws Exception {
        long begin = System.nanoTime();
        SocketAddress to = new InetSocketAddress(Station.ip("10.1.1.1"), port);
        try (DatagramChannel socket = station.datagrams(from, 0)) {
            for (int i = 0; i < times; i++) {
                socket.send(ByteBuffer.allocate(8), to);
            }
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** What waits in a socket's queue, by sender. */
    private record Heard(long greedy, long modest) {
        static Heard of(DatagramChannel socket) throws Exception {
            socket.configureBlocking(false);
            long greedy = 0;
            long modest = 0;
            SocketAddress from;
            while ((from = socket.receive(ByteBuffer.allocate(8))) != null) {
                if (((InetSocketAddress) from).getAddress().equals(Station.ip(GREEDY))) {
                    greedy++;
                } else {
                    modest++;
                }
            }
            return new Heard(greedy, modest);
        }
    }
}
