package brocker.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** Sockets that listen, TCP ones and Unix ones, as descriptors that can be handed to another process. */
public final class ListeningSocket {
    private ListeningSocket() {}

    /**
     * Listens in the calling thread's network namespace; the caller owns the descriptor, which is non-blocking. Port 0 lets the
     * kernel choose. An IPv6 address takes no IPv4 connections (IPV6_V6ONLY). Fails with {@code bind("127.0.0.1:80")}; see
     * socket(2), bind(2), listen(2).
     */
    public static Fd open(InetSocketAddress address, int backlog) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("address \"" + address + "\" is not resolved");
        }
        String object = address.getAddress().getHostAddress() + ":" + address.getPort();
        boolean v6 = address.getAddress() instanceof Inet6Address;
        if (v6) {
            object = "[" + address.getAddress().getHostAddress() + "]:" + address.getPort();
        }
        Fd socket = socket(v6 ? LibCSocket.AF_INET6 : LibCSocket.AF_INET, object);
        try (Call call = new Call()) {
            int fd = socket.number();
            // Without it a port whose last connections are in TIME_WAIT could not be opened again.
            option(call, fd, LibCSocket.SOL_SOCKET, LibCSocket.SO_REUSEADDR, object);
            if (v6) {
                option(call, fd, LibCSocket.IPPROTO_IPV6, LibCSocket.IPV6_V6ONLY, object);
            }
            MemorySegment name = SocketAddress.write(call.arena(), address);
            call.check(LibCSocket.bind(call, fd, name, (int) name.byteSize()), "bind", object);
            call.check(LibCSocket.listen(call, fd, backlog), "listen", object);
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** The longest path of a Unix socket, in bytes. */
    public static final int LONGEST_PATH = SocketAddress.LONGEST_PATH;

    /**
     * Listens on a Unix stream socket, whose file it makes; the caller owns the descriptor, which is non-blocking. Fails with {@code
     * bind("/run/x"): EADDRINUSE} where there is such a file already; see unix(7).
     *
     * @param path of {@link #LONGEST_PATH} bytes at most
     */
    public static Fd open(Path path, int backlog) {
        Fd socket = socket(LibCSocket.AF_UNIX, path.toString());
        try (Call call = new Call()) {
            MemorySegment name = SocketAddress.write(call.arena(), path.toString());
            call.check(LibCSocket.bind(call, socket.number(), name, (int) name.byteSize()), "bind", path);
            call.check(LibCSocket.listen(call, socket.number(), backlog), "listen", path);
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Takes ownership of a descriptor that this process was started with; see sd_listen_fds(3).
     *
     * @throws KernelException when it is not open (EBADF) or not a socket (ENOTSOCK)
     * @throws IllegalArgumentException when it is a socket that does not listen, or not one for streams
     */
    public static Fd inherited(int number) {
        try (Call call = new Call()) {
            MemorySegment value = call.arena().allocate(ValueLayout.JAVA_INT);
            String object = "fd " + number;
            call.check(
                    LibCSocket.getsockopt(call, number, LibCSocket.SOL_SOCKET, LibCSocket.SO_TYPE, value),
                    "getsockopt",
                    object);
            boolean stream = value.get(ValueLayout.JAVA_INT, 0) == LibCSocket.SOCK_STREAM;
            if (!stream || !listens(call, number)) {
                throw new IllegalArgumentException(object + " is not a stream socket that listens");
            }
        }
        return Fd.adopt(number);
    }

    /** The local address and port; getsockname(2). */
    public static InetSocketAddress addressOf(Fd socket) {
        if (nameOf(socket) instanceof InetSocketAddress address) {
            return address;
        }
        throw new IllegalArgumentException(socket + " is a Unix socket");
    }

    /** Where a socket is reached: an {@link InetSocketAddress} or a {@link UnixDomainSocketAddress}; getsockname(2). */
    public static java.net.SocketAddress nameOf(Fd socket) {
        try (Call call = new Call()) {
            MemorySegment name = call.arena().allocate(SocketAddress.UN);
            return name(call, socket.number(), name);
        }
    }

    static boolean listens(Call call, int number) {
        MemorySegment value = call.arena().allocate(ValueLayout.JAVA_INT);
        int result = LibCSocket.getsockopt(call, number, LibCSocket.SOL_SOCKET, LibCSocket.SO_ACCEPTCONN, value);
        return result == 0 && value.get(ValueLayout.JAVA_INT, 0) != 0;
    }

    static java.net.SocketAddress name(Call call, int number, MemorySegment memory) {
        MemorySegment length = call.arena().allocateFrom(ValueLayout.JAVA_INT, (int) memory.byteSize());
        call.check(LibCSocket.getsockname(call, number, memory, length), "getsockname", "fd " + number);
        return SocketAddress.isUnix(memory)
                ? UnixDomainSocketAddress.of(SocketAddress.readPath(memory, length.get(ValueLayout.JAVA_INT, 0)))
                : SocketAddress.read(memory);
    }

    private static Fd socket(int family, String object) {
        try (Call call = new Call()) {
            int type = LibCSocket.SOCK_STREAM | LibCSocket.SOCK_CLOEXEC | LibCSocket.SOCK_NONBLOCK;
            return Fd.adopt(call.check(LibCSocket.socket(call, family, type, 0), "socket", object));
        }
    }

    private static void option(Call call, int fd, int level, int option, String object) {
        call.check(LibCSocket.setsockopt(call, fd, level, option, 1), "setsockopt", object);
    }
}
