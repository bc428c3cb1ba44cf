package brocker.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A datagram socket of unix(7), which NIO does not have: systemd's notifications and syslog speak through them.
 *
 * <p>A path that begins with {@code @} is an abstract name, bound to the network namespace and not to a file. Any thread may
 * send. One thread receives, a platform thread, as it blocks in the kernel; to end it, another calls {@link #end}, waits for
 * it to leave and closes the socket.
 */
public final class UnixDatagramSocket implements AutoCloseable {
    private final Fd fd;
    private volatile boolean ended;

    private UnixDatagramSocket(Fd fd) {
        this.fd = fd;
    }

    /** A socket without a path, which sends only. */
    public static UnixDatagramSocket open() {
        try (Call call = new Call()) {
            int type = LibCSocket.SOCK_DGRAM | LibCSocket.SOCK_CLOEXEC;
            int number = LibCSocket.socket(call, LibCSocket.AF_UNIX, type, 0);
            return new UnixDatagramSocket(Fd.adopt(call.check(number, "socket", "AF_UNIX")));
        }
    }

    /**
     * A socket that receives what is sent to {@code path}, which must not exist (EADDRINUSE); the file stays when the socket
     * is closed. Who may write to the file may send: its mode is 0777 without the umask. bind(2).
     */
    public static UnixDatagramSocket bind(String path) {
        UnixDatagramSocket socket = open();
        try (Call call = new Call()) {
            MemorySegment name = SocketAddress.write(call.arena(), path);
            int result = LibCSocket.bind(call, socket.fd.number(), name, (int) name.byteSize());
            call.check(result, "bind", path);
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Sends one datagram to the socket at {@code path}; waits while its queue is full. Fails with {@code sendto("/path")}, with
     * ENOENT or ECONNREFUSED where nobody is bound to it. sendto(2).
     */
    public void send(String path, byte[] message) {
        try (Call call = new Call()) {
            MemorySegment to = SocketAddress.write(call.arena(), path);
            MemorySegment bytes = call.arena().allocate(message.length);
            MemorySegment.copy(MemorySegment.ofArray(message), 0, bytes, 0, message.length);
            long sent;
            do {
                sent = LibCSocket.sendto(call, fd.number(), bytes, LibCSocket.MSG_NOSIGNAL, to);
            } while (sent < 0 && call.errno().equals(Errno.EINTR));
            call.check(sent, "sendto", path);
        }
    }

    /**
     * Waits for one datagram and leaves it between position 0 and limit of a direct buffer; false when there is none and there
     * will be none, after {@link #end}. What of a datagram is larger than the buffer is lost. recv(2).
     */
    public boolean receive(ByteBuffer into) {
        into.clear();
        try (Call call = new Call()) {
            MemorySegment memory = MemorySegment.ofBuffer(into);
            long length;
            do {
                length = LibCSocket.recv(call, fd.number(), memory, memory.byteSize(), 0);
            } while (length < 0 && call.errno().equals(Errno.EINTR));
            call.check(length, "recv", fd);
            into.limit((int) length);
            // A socket that is shut down answers as an empty datagram would.
            return length > 0 || !ended;
        }
    }

    /** Nothing more comes in: {@link #receive} gives what was queued and then false, also to a thread that waits in it. */
    public void end() {
        ended = true;
        try (Call call = new Call()) {
            call.check(LibCSocket.shutdown(call, fd.number(), LibCSocket.SHUT_RD), "shutdown", fd);
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
