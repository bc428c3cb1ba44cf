package brocker.daemon.connection;

import brocker.kernel.Fd;
import brocker.kernel.KernelException;
import brocker.kernel.ListeningSocket;
import brocker.spec.BrockerException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The listening sockets that systemd opened for this process and keeps open while the daemon is replaced; see sd_listen_fds(3).
 * Owned by the caller of {@link #take}, until they are taken.
 */
public final class InheritedSockets implements AutoCloseable {
    /** SD_LISTEN_FDS_START. */
    private static final int FIRST = 3;

    private final List<Fd> sockets;

    private InheritedSockets(List<Fd> sockets) {
        this.sockets = new ArrayList<>(sockets);
    }

    /**
     * Takes ownership of what the environment names, which is nothing if it was meant for another process.
     *
     * @throws BrockerException.Invalid when one is not a listening stream socket
     */
    public static InheritedSockets take(Map<String, String> environment) {
        InheritedSockets taken = new InheritedSockets(List.of());
        if (!environment
                .getOrDefault("LISTEN_PID", "")
                .equals(String.valueOf(ProcessHandle.current().pid()))) {
            return taken;
        }
        try {
            for (int number = FIRST; number < FIRST + count(environment); number++) {
                taken.sockets.add(ListeningSocket.inherited(number));
            }
            return taken;
        } catch (KernelException | IllegalArgumentException e) {
            taken.close();
            throw invalid("a socket of the service manager's is of no use: " + e.getMessage());
        } catch (BrockerException e) {
            taken.close();
            throw e;
        }
    }

    private static int count(Map<String, String> environment) {
        String text = environment.getOrDefault("LISTEN_FDS", "0");
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException _) {
            throw invalid("LISTEN_FDS=\"" + text + "\" is not a number");
        }
    }

    /** The TCP socket for the options' address, now the caller's. */
    Optional<Fd> tcp(InetSocketAddress wanted) {
        return remove(InetSocketAddress.class, wanted, "--listen");
    }

    /** The Unix socket for the options' run directory, now the caller's. */
    Optional<Fd> unix(UnixDomainSocketAddress wanted) {
        return remove(UnixDomainSocketAddress.class, wanted, "--run-dir");
    }

    /** A socket elsewhere than where the options say is refused: clients would not find it, or its address is not safe. */
    private Optional<Fd> remove(Class<? extends SocketAddress> kind, SocketAddress wanted, String option) {
        List<Fd> found = sockets.stream()
                .filter(socket -> kind.isInstance(ListeningSocket.nameOf(socket)))
                .toList();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (found.size() > 1 || !ListeningSocket.nameOf(found.getFirst()).equals(wanted)) {
            String names = found.stream()
                    .map(socket -> "\"" + text(ListeningSocket.nameOf(socket)) + "\"")
                    .collect(Collectors.joining(", "));
            throw invalid(
                    "the service manager listens on " + names + ", and " + option + " says \"" + text(wanted) + "\"");
        }
        sockets.remove(found.getFirst());
        return Optional.of(found.getFirst());
    }

    /** As the options have it. */
    static String text(SocketAddress name) {
        return switch (name) {
            case InetSocketAddress address
            when address.getAddress() instanceof Inet6Address six ->
                "[" + six.getHostAddress() + "]:" + address.getPort();
            case InetSocketAddress address -> address.getAddress().getHostAddress() + ":" + address.getPort();
            default -> name.toString();
        };
    }

    private static BrockerException.Invalid invalid(String message) {
        return new BrockerException.Invalid(
                "invalid-inherited-socket", message, "make ListenStream= in brockerd.socket agree with the options");
    }

    @Override
    public void close() {
        sockets.forEach(Fd::close);
        sockets.clear();
    }
}
