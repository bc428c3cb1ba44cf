package brocker.daemon.allocation;

import brocker.daemon.record.ServiceRecord;
import brocker.kernel.Errno;
import brocker.kernel.Fd;
import brocker.kernel.KernelException;
import brocker.kernel.ListeningSocket;
import brocker.runtime.Container;
import brocker.spec.BrockerException;
import brocker.spec.Publish;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The sockets on which a service is published, or on which an ingress reaches it, bound in the host's network and handed to the proxy. While any process holds them no
 * connection is refused: it waits in the backlog.
 */
public record PublishedSockets(List<Fd> sockets) implements AutoCloseable {
    private static final int BACKLOG = 4096;

    public PublishedSockets {
        sockets = List.copyOf(sockets);
    }

    /**
     * Binds what a service is reached on from outside.
     *
     * @throws BrockerException.Conflict when an address is taken
     */
    public static PublishedSockets open(ServiceRecord service, IngressSockets ingressSockets) {
        return service.spec().hosts().isEmpty()
                ? open(service.spec().publish())
                : new PublishedSockets(List.of(ingressSockets.listen(service, BACKLOG)));
    }

    private static PublishedSockets open(List<Publish> addresses) {
        List<Fd> opened = new ArrayList<>();
        try {
            for (Publish address : addresses) {
                opened.add(ListeningSocket.open(new InetSocketAddress(address.address(), address.port()), BACKLOG));
            }
            return new PublishedSockets(opened);
        } catch (KernelException e) {
            opened.forEach(Fd::close);
            throw explain(addresses.get(opened.size()), e);
        }
    }

    /** Takes them back from the proxy's init process, which an earlier daemon handed them to, see {@code pidfd_getfd(2)}. */
    public static PublishedSockets takeBack(ServiceRecord service, Container proxy) {
        List<Fd> taken = new ArrayList<>();
        for (int i = 0; i < service.listeningSockets(); i++) {
            taken.add(proxy.socket(i));
        }
        return new PublishedSockets(taken);
    }

    @Override
    public void close() {
        sockets.forEach(Fd::close);
    }

    private static BrockerException explain(Publish address, KernelException e) {
        if (e.errno().equals(Errno.EADDRINUSE)) {
            return new BrockerException.Conflict(
                    "port-taken",
                    "cannot publish on \"" + address + "\": the port is in use",
                    "see who listens there: ss -ltnp 'sport = :" + address.port() + "'");
        }
        if (e.errno().equals(Errno.EADDRNOTAVAIL)) {
            return new BrockerException.Conflict(
                    "address-unavailable",
                    "cannot publish on \"" + address + "\": the host has no such address",
                    "use one of the host's own, \"127.0.0.1:" + address.port() + "\", or \"0.0.0.0:" + address.port()
                            + "\" for all");
        }
        return new BrockerException.Host(
                "publish-failed", "cannot publish on \"" + address + "\": " + e.getMessage(), "");
    }
}
