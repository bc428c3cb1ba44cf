package brocker.client.http;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A row of {@code /proc/net/tcp} or {@code tcp6} ({@code proc_net(5)}).
 *
 * @param local address and port of this end, in capital hexadecimal digits
 * @param remote the same of the other end
 * @param uid of the owner; older kernels show 0, as for root, while the socket has none
 * @param inode 0 as long as it belongs to no process, as a connection that has not been accepted
 */
record SocketRow(String local, String remote, int state, long uid, long inode) {
    /** {@code TCP_SYN_RECV} and {@code TCP_LISTEN} of the kernel's {@code net/tcp_states.h}. */
    private static final int SYN_RECV = 3;

    private static final int LISTEN = 10;

    private static final int COLUMNS = 10;
    private static final String DIGITS = "0123456789ABCDEF";

    /** The rows of a table that have one of two ports on this end. */
    static List<SocketRow> of(String table, int port, int otherPort) {
        String mark = ":" + hex(port) + " ";
        String otherMark = ":" + hex(otherPort) + " ";
        List<SocketRow> rows = new ArrayList<>();
        for (int begin = 0, end = table.indexOf('\n'); end >= 0; begin = end + 1, end = table.indexOf('\n', begin)) {
            String line = table.substring(begin, end);
            if (line.contains(mark) || line.contains(otherMark)) {
                rows.add(of(columns(line)));
            }
        }
        return rows;
    }

    /** An address and a port as the tables write them: words of 32 bits, each in the byte order of this machine. */
    static String end(byte[] address, int port) {
        StringBuilder text = new StringBuilder();
        int swap = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 3 : 0;
        for (int i = 0; i < address.length; i++) {
            byte b = address[i ^ swap];
            text.append(DIGITS.charAt(b >> 4 & 15)).append(DIGITS.charAt(b & 15));
        }
        return text.append(':').append(hex(port)).toString();
    }

    boolean connects(String from, String to) {
        return local.equals(from) && remote.equals(to);
    }

    boolean listens(String at) {
        return state == LISTEN && local.equals(at);
    }

    /** Whether the kernel still waits for the last word of the handshake. */
    boolean isBeginning() {
        return state == SYN_RECV;
    }

    /** Whether a process has it. */
    boolean isAccepted() {
        return inode != 0;
    }

    private static SocketRow of(String[] columns) {
        return new SocketRow(
                columns[1],
                columns[2],
                Integer.parseInt(columns[3], 16),
                Long.parseLong(columns[7]),
                Long.parseLong(columns[9]));
    }

    private static String[] columns(String line) {
        String[] columns = new String[COLUMNS];
        int at = 0;
        for (int i = 0; i < COLUMNS; i++) {
            while (line.charAt(at) == ' ') {
                at++;
            }
            int end = line.indexOf(' ', at);
            columns[i] = line.substring(at, end < 0 ? line.length() : end);
            at = end;
        }
        return columns;
    }

    private static String hex(int port) {
        StringBuilder text = new StringBuilder(4);
        for (int shift = 12; shift >= 0; shift -= 4) {
            text.append(DIGITS.charAt(port >> shift & 15));
        }
        return text.toString();
    }
}
