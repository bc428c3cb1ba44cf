package brocker.kernel;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** NIO channels on listening sockets that NIO did not open, such as inherited ones. */
public final class ListeningChannel {
    private ListeningChannel() {}

    /**
     * An NIO channel that accepts what connects to a listening socket that NIO did not open. Closing the channel leaves the socket
     * open. NIO opens a socket of its own, whose descriptor then becomes one for the given socket (dup3(2)), as NIO takes no
     * descriptor from outside.
     *
     * @param scratch a path without a file, which the socket of NIO has for a moment where the given one is a Unix socket
     * @throws IOException when NIO cannot open a socket, as where descriptors have run out
     */
    public static ServerSocketChannel over(Fd socket, Path scratch) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(familyOf(ListeningSocket.nameOf(socket)));
        try {
            if (ListeningSocket.nameOf(socket) instanceof UnixDomainSocketAddress) {
                Files.deleteIfExists(scratch);
                channel.bind(UnixDomainSocketAddress.of(scratch));
                Files.delete(scratch);
            } else {
                channel.bind(null);
            }
            int number = numberOf(channel.getLocalAddress());
            try (Call call = new Call()) {
                call.check(LibC.dup3(call, socket.number(), number, Linux.O_CLOEXEC), "dup3", socket);
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static StandardProtocolFamily familyOf(java.net.SocketAddress name) {
        return switch (name) {
            case UnixDomainSocketAddress _ -> StandardProtocolFamily.UNIX;
            case InetSocketAddress address
            when address.getAddress() instanceof Inet6Address -> StandardProtocolFamily.INET6;
            default -> StandardProtocolFamily.INET;
        };
    }

    /** This process's descriptor that listens under a name, which no other socket has; see proc_pid_fd(5). */
    private static int numberOf(java.net.SocketAddress name) throws IOException {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"));
                Call call = new Call()) {
            MemorySegment memory = call.arena().allocate(SocketAddress.UN);
            for (Path descriptor : descriptors) {
                int number = Integer.parseInt(descriptor.getFileName().toString());
                if (listensAt(call, number, memory, name)) {
                    return number;
                }
            }
        }
        throw new IOException("no descriptor listens at \"" + name + '"');
    }

    private static boolean listensAt(Call call, int number, MemorySegment memory, java.net.SocketAddress name) {
        try {
            return ListeningSocket.listens(call, number) && sameEnd(ListeningSocket.name(call, number, memory), name);
        } catch (KernelException _) {
            // Closed between the two calls, so not the one that is looked for.
            return false;
        }
    }

    /** Ports are compared without their address, which NIO may show in another form. */
    private static boolean sameEnd(java.net.SocketAddress one, java.net.SocketAddress other) {
        if (one instanceof InetSocketAddress first && other instanceof InetSocketAddress second) {
            return first.getPort() == second.getPort();
        }
        return one.equals(other);
    }
}
