package brocker.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Whom the other end of a connection belongs to, by tables as {@code proc_net(5)} has them on a little-endian machine. */
class LoopbackPeerTest {
    private static final String HEADER =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    private static final String SERVER = "0100007F:0BB8";
    private static final String ANYWHERE = "00000000:0BB8";
    private static final String CLIENT = "0100007F:C350";
    private static final String SERVER_6 = "0000000000000000FFFF00000100007F:0BB8";
    private static final String ANYWHERE_6 = "00000000000000000000000000000000:0BB8";
    private static final String CLIENT_6 = "0000000000000000FFFF00000100007F:C350";
    private static final String NOBODY = "00000000:0000";
    private static final String NOBODY_6 = "00000000000000000000000000000000:0000";

    private static final int ESTABLISHED = 1;
    private static final int SYN_RECV = 3;
    private static final int LISTEN = 10;

    private static final int USER = 1000;
    private static final int MALLORY = 4242;

    private final LoopbackPeer peer = peer("127.0.0.1", "127.0.0.1");

    private static LoopbackPeer peer(String server, String client) {
        return new LoopbackPeer(InetAddress.ofLiteral(server), 3000, InetAddress.ofLiteral(client), 50000);
    }

    private static String row(String local, String remote, int state, int uid, int inode) {
        return String.format(
                Locale.ROOT,
                "   0: %s %s %02X 00000000:00000000 00:00000000 00000000 %5d        0 %d 1 0000000000000000 100 0 0 10 0\n",
                local,
                remote,
                state,
                uid,
                inode);
    }

    private static String listener(String local, int uid) {
        return row(local, local.length() > 13 ? NOBODY_6 : NOBODY, LISTEN, uid, 77);
    }

    /** Our end, which is a socket of both versions. */
    private static String ourEnd() {
        return row(CLIENT_6, SERVER_6, ESTABLISHED, USER, 78);
    }

    private static String accepted(int uid) {
        return row(SERVER, CLIENT, ESTABLISHED, uid, 79);
    }

    /** The kernel takes what belongs to no process for root's. */
    private static String waiting() {
        return row(SERVER, CLIENT, ESTABLISHED, 0, 0);
    }

    private boolean isTrusted(String table, String table6) throws UnsafeServer {
        return peer.isTrusted(HEADER + table, HEADER + table6);
    }

    private void assertForeign(String table, String table6) {
        assertThatThrownBy(() -> isTrusted(table, table6))
                .isInstanceOf(UnsafeServer.class)
                .hasMessage("port 3000 at 127.0.0.1 belongs to user \"4242\", not to root; the token was not sent");
    }

    @Test
    void rootAndTheUserAreTrusted() throws UnsafeServer {
        assertThat(isTrusted(listener(SERVER, 0) + accepted(0), ourEnd())).isTrue();
        assertThat(isTrusted(listener(SERVER, USER) + accepted(USER), ourEnd())).isTrue();
        assertThat(isTrusted(listener(ANYWHERE, 0) + waiting(), ourEnd())).isTrue();
        assertThat(isTrusted("", listener(SERVER_6, 0) + row(SERVER_6, CLIENT_6, ESTABLISHED, 0, 0) + ourEnd()))
                .isTrue();
        assertThat(isTrusted("", listener(ANYWHERE_6, 0) + row(SERVER_6, CLIENT_6, ESTABLISHED, 0, 9) + ourEnd()))
                .isTrue();
    }

    @Test
    void anotherUserIsNotTrustedWhetherItHasAcceptedOrNot() {
        assertForeign(listener(SERVER, MALLORY) + accepted(MALLORY), ourEnd());
        assertForeign(listener(SERVER, MALLORY) + waiting(), ourEnd());
        assertForeign(listener(ANYWHERE, MALLORY) + waiting(), ourEnd());
        assertForeign("", listener(SERVER_6, MALLORY) + row(SERVER_6, CLIENT_6, ESTABLISHED, 0, 0) + ourEnd());
        assertForeign("", listener(ANYWHERE_6, MALLORY) + row(SERVER_6, CLIENT_6, ESTABLISHED, 0, 0) + ourEnd());
    }

    @Test
    void listenerOfAnotherUserThatGaveItsPlaceToRootIsNotTrusted() {
        assertForeign(listener(SERVER, 0) + accepted(MALLORY), ourEnd());
    }

    @Test
    void listenerAtThisVeryAddressComesBeforeOneAtEveryAddress() throws UnsafeServer {
        assertForeign(listener(ANYWHERE, 0) + listener(SERVER, MALLORY) + waiting(), ourEnd());
        assertThat(isTrusted(listener(ANYWHERE, MALLORY) + listener(SERVER, 0) + waiting(), ourEnd()))
                .isTrue();
    }

    @Test
    void listenerOfTheOtherVersionIsNotTheOneThatItWaitsAt() throws UnsafeServer {
        assertForeign(listener(SERVER, MALLORY) + waiting(), listener(ANYWHERE_6, 0) + ourEnd());
        assertThat(isTrusted(waiting(), listener(SERVER_6, 0) + ourEnd())).isFalse();
    }

    @Test
    void whatCannotBeSeenIsNotTrusted() throws UnsafeServer {
        assertThat(isTrusted("", "")).isFalse();
        assertThat(isTrusted(listener(SERVER, 0), ourEnd()))
                .as("no end of the server's")
                .isFalse();
        assertThat(isTrusted(waiting(), ourEnd())).as("no listener").isFalse();
        assertThat(isTrusted(listener(SERVER, 0) + accepted(0), ""))
                .as("no end of ours")
                .isFalse();
        assertThat(isTrusted(listener(SERVER, 0) + row(SERVER, CLIENT, SYN_RECV, 0, 0), ourEnd()))
                .as("a queue that is full")
                .isFalse();
        String another = row(SERVER, "0100007F:C351", ESTABLISHED, 0, 80);
        assertThat(isTrusted(listener(SERVER, 0) + another, ourEnd()))
                .as("another client")
                .isFalse();
        assertThat(isTrusted(listener("0100007F:0BB9", 0) + waiting(), ourEnd()))
                .as("another port")
                .isFalse();
    }

    @Test
    void addressesOfVersion6AreComparedToo() throws UnsafeServer {
        String server = "00000000000000000000000001000000:0BB8";
        String client = "00000000000000000000000001000000:C350";
        String rows = row(server, client, ESTABLISHED, MALLORY, 5) + row(client, server, ESTABLISHED, USER, 6);
        assertThatThrownBy(() -> peer("::1", "::1").isTrusted(HEADER, HEADER + rows))
                .hasMessageStartingWith("port 3000 at 0:0:0:0:0:0:0:1 belongs to");
        assertThat(peer("::1", "::1").isTrusted(HEADER, HEADER + rows.replace("4242", "   0")))
                .isTrue();
    }

    @Test
    void serverOfThisProcessIsSeenInTheTablesOfThisMachine() throws IOException {
        for (String address : new String[] {"127.0.0.1", "127.9.8.7"}) {
            try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.ofLiteral(address));
                    Socket waiting = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
                LoopbackPeer.of(waiting).requireTrusted();
                try (Socket accepted = listener.accept()) {
                    LoopbackPeer.of(waiting).requireTrusted();
                    LoopbackPeer.of(accepted).requireTrusted();
                }
            }
        }
    }
}
