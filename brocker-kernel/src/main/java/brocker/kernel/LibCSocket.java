package brocker.kernel;

import static brocker.kernel.Call.INT;
import static brocker.kernel.Call.LONG;
import static brocker.kernel.Call.POINTER;
import static brocker.kernel.Call.handle;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/** Bindings for socket(7), unix(7) and netlink(7). */
final class LibCSocket {
    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int AF_NETLINK = 16;
    static final int SOCK_STREAM = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_RAW = 3;
    static final int SOCK_NONBLOCK = 04000;
    static final int SOCK_CLOEXEC = 02000000;
    static final int SOL_SOCKET = 1;
    static final int SO_REUSEADDR = 2;
    static final int SO_TYPE = 3;
    static final int SO_ACCEPTCONN = 30;
    static final int SO_BINDTODEVICE = 25;
    static final int IPPROTO_IPV6 = 41;
    static final int IPV6_V6ONLY = 26;
    static final int SOL_NETLINK = 270;
    static final int NETLINK_CAP_ACK = 10;
    static final int NETLINK_EXT_ACK = 11;
    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int SHUT_RD = 0;

    /** {@code struct iovec} of readv(2). */
    static final StructLayout IOVEC = MemoryLayout.structLayout(POINTER.withName("iov_base"), LONG.withName("iov_len"));

    /** {@code struct mmsghdr} of recvmmsg(2), whose first member, a {@code struct msghdr}, is laid out with it. */
    static final StructLayout MMSGHDR = MemoryLayout.structLayout(
            POINTER.withName("msg_hdr.msg_name"),
            INT.withName("msg_hdr.msg_namelen"),
            MemoryLayout.paddingLayout(4),
            POINTER.withName("msg_hdr.msg_iov"),
            LONG.withName("msg_hdr.msg_iovlen"),
            POINTER.withName("msg_hdr.msg_control"),
            LONG.withName("msg_hdr.msg_controllen"),
            INT.withName("msg_hdr.msg_flags"),
            MemoryLayout.paddingLayout(4),
            INT.withName("msg_len"),
            MemoryLayout.paddingLayout(4));

    private static final FunctionDescriptor I_II = FunctionDescriptor.of(INT, INT, INT);
    private static final FunctionDescriptor I_III = FunctionDescriptor.of(INT, INT, INT, INT);
    private static final FunctionDescriptor I_IPI = FunctionDescriptor.of(INT, INT, POINTER, INT);
    private static final FunctionDescriptor I_IPP = FunctionDescriptor.of(INT, INT, POINTER, POINTER);
    private static final FunctionDescriptor I_IIIPI = FunctionDescriptor.of(INT, INT, INT, INT, POINTER, INT);
    private static final FunctionDescriptor I_IIIPP = FunctionDescriptor.of(INT, INT, INT, INT, POINTER, POINTER);
    private static final FunctionDescriptor I_IPIIP = FunctionDescriptor.of(INT, INT, POINTER, INT, INT, POINTER);
    private static final FunctionDescriptor L_IPLI = FunctionDescriptor.of(LONG, INT, POINTER, LONG, INT);

    private static final FunctionDescriptor L_IPLIPI =
            FunctionDescriptor.of(LONG, INT, POINTER, LONG, INT, POINTER, INT);

    private static final MethodHandle BIND = handle("bind", I_IPI);
    private static final MethodHandle GETSOCKNAME = handle("getsockname", I_IPP);
    private static final MethodHandle GETSOCKOPT = handle("getsockopt", I_IIIPP);
    private static final MethodHandle LISTEN = handle("listen", I_II);
    private static final MethodHandle RECV = handle("recv", L_IPLI);
    private static final MethodHandle RECVMMSG = handle("recvmmsg", I_IPIIP);
    private static final MethodHandle SEND = handle("send", L_IPLI);
    private static final MethodHandle SENDTO = handle("sendto", L_IPLIPI);
    private static final MethodHandle SETSOCKOPT = handle("setsockopt", I_IIIPI);
    private static final MethodHandle SHUTDOWN = handle("shutdown", I_II);
    private static final MethodHandle SOCKET = handle("socket", I_III);

    private LibCSocket() {}

    /** bind(2). */
    static int bind(Call call, int fd, MemorySegment address, int length) {
        return Call.invoke(() -> (int) BIND.invokeExact(call.state(), fd, address, length));
    }

    /** getsockname(2). */
    static int getsockname(Call call, int fd, MemorySegment address, MemorySegment length) {
        return Call.invoke(() -> (int) GETSOCKNAME.invokeExact(call.state(), fd, address, length));
    }

    /** getsockopt(2) of an int option, which is left in {@code value}. */
    static int getsockopt(Call call, int fd, int level, int option, MemorySegment value) {
        MemorySegment length = call.arena().allocateFrom(INT, (int) value.byteSize());
        return Call.invoke(() -> (int) GETSOCKOPT.invokeExact(call.state(), fd, level, option, value, length));
    }

    /** listen(2). */
    static int listen(Call call, int fd, int backlog) {
        return Call.invoke(() -> (int) LISTEN.invokeExact(call.state(), fd, backlog));
    }

    /** recv(2). */
    static long recv(Call call, int fd, MemorySegment buffer, long length, int flags) {
        return Call.invoke(() -> (long) RECV.invokeExact(call.state(), fd, buffer, length, flags));
    }

    /** recvmmsg(2), without a time-out. */
    static int recvmmsg(Call call, int fd, MemorySegment messages, int count, int flags) {
        return Call.invoke(
                () -> (int) RECVMMSG.invokeExact(call.state(), fd, messages, count, flags, MemorySegment.NULL));
    }

    /** send(2). */
    static long send(Call call, int fd, MemorySegment buffer, long length, int flags) {
        return Call.invoke(() -> (long) SEND.invokeExact(call.state(), fd, buffer, length, flags));
    }

    /** sendto(2). */
    static long sendto(Call call, int fd, MemorySegment buffer, int flags, MemorySegment to) {
        return Call.invoke(() ->
                (long) SENDTO.invokeExact(call.state(), fd, buffer, buffer.byteSize(), flags, to, (int) to.byteSize()));
    }

    /** setsockopt(2) of an int option. */
    static int setsockopt(Call call, int fd, int level, int option, int value) {
        return setsockopt(call, fd, level, option, call.arena().allocateFrom(INT, value));
    }

    /** setsockopt(2). */
    static int setsockopt(Call call, int fd, int level, int option, MemorySegment value) {
        return Call.invoke(
                () -> (int) SETSOCKOPT.invokeExact(call.state(), fd, level, option, value, (int) value.byteSize()));
    }

    /** shutdown(2). */
    static int shutdown(Call call, int fd, int how) {
        return Call.invoke(() -> (int) SHUTDOWN.invokeExact(call.state(), fd, how));
    }

    /** socket(2). */
    static int socket(Call call, int domain, int type, int protocol) {
        return Call.invoke(() -> (int) SOCKET.invokeExact(call.state(), domain, type, protocol));
    }
}
