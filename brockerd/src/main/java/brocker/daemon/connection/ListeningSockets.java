package brocker.daemon.connection;

import brocker.kernel.Errno;
import brocker.kernel.Fd;
import brocker.kernel.KernelException;
import brocker.kernel.ListeningSocket;
import brocker.spec.BrockerException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The two sockets of the REST interface, which listen from the beginning: what connects waits in their backlogs until a {@link
 * Listeners} accepts it. Each comes from systemd, which keeps it, or is made here and closed with the daemon.
 */
public final class ListeningSockets implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final InetSocketAddress address;
    private final SocketFile file;
    private final Fd tcp;
    private Fd unix;
    private boolean unixIsOurs;
    private Map<String, Object> identity;
    private boolean closed;

    private ListeningSockets(InetSocketAddress address, SocketFile file, Fd tcp, Optional<Fd> inherited) {
        this.address = address;
        this.file = file;
        this.tcp = tcp;
        this.unixIsOurs = inherited.isEmpty();
        if (inherited.isPresent()) {
            this.unix = inherited.get();
            file.share();
        } else {
            this.unix = file.listen(BACKLOG);
        }
        this.identity = file.identity();
    }

    /**
     * Listens; touches nothing of the host but the run directory.
     *
     * @param address of the TCP socket
     * @param run the run directory, whose lock the caller holds
     * @param environment where systemd says which sockets it has passed
     * @throws BrockerException.Conflict when the address is taken
     * @throws BrockerException.Invalid when a socket of systemd's is elsewhere than the other parameters say
     */
    public static ListeningSockets open(InetSocketAddress address, Path run, Map<String, String> environment) {
        SocketFile file = new SocketFile(run.resolve("brockerd.sock"));
        try (InheritedSockets inherited = InheritedSockets.take(environment)) {
            Optional<Fd> unix = inherited.unix(UnixDomainSocketAddress.of(file.path()));
            Optional<Fd> tcp = Optional.empty();
            try {
                tcp = Optional.of(inherited.tcp(address).orElseGet(() -> listen(address)));
                return new ListeningSockets(address, file, tcp.get(), unix);
            } catch (RuntimeException e) {
                unix.ifPresent(Fd::close);
                tcp.ifPresent(Fd::close);
                throw e;
            }
        }
    }

    private static Fd listen(InetSocketAddress address) {
        try {
            return ListeningSocket.open(address, BACKLOG);
        } catch (KernelException e) {
            String hint = e.errno().equals(Errno.EADDRINUSE)
                    ? "is a brockerd running already? Otherwise choose another address: --listen 127.0.0.1:PORT"
                    : "choose another address: --listen 127.0.0.1:PORT";
            throw new BrockerException.Conflict(
                    "cannot-listen",
                    "cannot listen on \"" + InheritedSockets.text(address) + "\": "
                            + e.errno().text(),
                    hint);
        }
    }

    InetSocketAddress address() {
        return address;
    }

    /** Where the Unix socket is. */
    public Path path() {
        return file.path();
    }

    /** A path that nothing else uses, beside the Unix socket. */
    Path scratch() {
        return file.scratch();
    }

    Fd tcp() {
        return tcp;
    }

    synchronized Fd unix() {
        return unix;
    }

    /**
     * Makes the Unix socket again where its file is not there any more, or is another one's; also if it was systemd's, which does
     * not look after it. Tells whether that was so; once closed, it stays as it is.
     */
    synchronized boolean restore() {
        boolean intact = !identity.isEmpty() && file.identity().equals(identity);
        if (closed || intact) {
            return false;
        }
        LocalGroup.shareDirectory(file.directory());
        Fd fresh = file.listen(BACKLOG);
        unix.close();
        unix = fresh;
        unixIsOurs = true;
        identity = file.identity();
        return true;
    }

    /** Closes what is ours; what systemd opened goes on listening there. A second call does nothing. */
    @Override
    public synchronized void close() {
        closed = true;
        tcp.close();
        if (unix.isOpen() && unixIsOurs && file.identity().equals(identity)) {
            file.delete();
        }
        unix.close();
    }
}
