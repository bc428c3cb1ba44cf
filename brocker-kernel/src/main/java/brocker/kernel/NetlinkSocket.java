package brocker.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** A netlink(7) socket to the kernel, bound to the network namespace of the thread that opened it. One thread at a time. */
public final class NetlinkSocket implements AutoCloseable {
    private final Fd fd;

    private NetlinkSocket(Fd fd) {
        this.fd = fd;
    }

    /**
     * Opens a socket of this protocol, such as NETLINK_ROUTE, with extended acknowledgements (NETLINK_EXT_ACK) that do not
     * repeat the request (NETLINK_CAP_ACK).
     */
    public static NetlinkSocket open(int protocol) {
        try (Call call = new Call()) {
            int type = LibCSocket.SOCK_RAW | LibCSocket.SOCK_CLOEXEC;
            int number = LibCSocket.socket(call, LibCSocket.AF_NETLINK, type, protocol);
            Fd fd = Fd.adopt(call.check(number, "socket", "AF_NETLINK"));
            try {
                option(call, fd, LibCSocket.NETLINK_CAP_ACK);
                option(call, fd, LibCSocket.NETLINK_EXT_ACK);
                return new NetlinkSocket(fd);
            } catch (KernelException e) {
                fd.close();
                throw e;
            }
        }
    }

    /** Sends the bytes from position to limit of a direct buffer as one datagram; send(2). */
    public void send(ByteBuffer message) {
        try (Call call = new Call()) {
            MemorySegment memory = MemorySegment.ofBuffer(message);
            long sent;
            do {
                sent = LibCSocket.send(call, fd.number(), memory, memory.byteSize(), 0);
            } while (sent < 0 && call.errno().equals(Errno.EINTR));
            call.check(sent, "send", fd);
        }
    }

    /**
     * Waits for one datagram and leaves it between position 0 and limit of a direct buffer; recv(2). One that is larger than
     * the buffer is an {@link IllegalStateException}.
     */
    public void receive(ByteBuffer into) {
        into.clear();
        try (Call call = new Call()) {
            MemorySegment memory = MemorySegment.ofBuffer(into);
            long length;
            do {
                length = LibCSocket.recv(call, fd.number(), memory, memory.byteSize(), LibCSocket.MSG_TRUNC);
            } while (length < 0 && call.errno().equals(Errno.EINTR));
            call.check(length, "recv", fd);
            if (length > into.capacity()) {
                throw new IllegalStateException(
                        "a netlink datagram of " + length + " bytes, more than " + into.capacity());
            }
            into.limit((int) length);
        }
    }

    int number() {
        return fd.number();
    }

    @Override
    public void close() {
        fd.close();
    }

    private static void option(Call call, Fd fd, int option) {
        int result = LibCSocket.setsockopt(call, fd.number(), LibCSocket.SOL_NETLINK, option, 1);
        call.check(result, "setsockopt", fd);
    }
}
