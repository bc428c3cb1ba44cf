package brocker.daemon.orchestrator;

import brocker.daemon.allocation.PublishedSockets;
import brocker.daemon.health.Finding;
import brocker.daemon.health.Probes;
import brocker.daemon.port.Connector;
import brocker.daemon.port.OutdatedProgram;
import brocker.daemon.port.Proxy;
import brocker.daemon.port.ProxyControl;
import brocker.daemon.port.Traffic;
import brocker.daemon.record.ServiceRecord;
import brocker.kernel.Fd;
import brocker.kernel.KernelException;
import brocker.runtime.Container;
import brocker.runtime.network.Addresses;
import brocker.spec.BrockerException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A service's proxy as it comes and goes, and the sockets that stay. Changed by the service's mailbox alone. */
final class ProxyKeeper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ProxyKeeper.class.getName());
    private static final Duration START_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private final Supplier<ServiceRecord> service;
    private final Proxy proxy;
    private final PublishedSockets published;
    private final Function<Container, Connector> connectors;
    private volatile @Nullable Attached attached;
    private volatile String problem = "";
    private @Nullable Fd log;

    private record Attached(Container container, ProxyControl control, Connector connector) {}

    /**
     * Without a proxy yet.
     *
     * @param service as the proxy is to serve it
     * @param published this keeper's from now on
     * @param connectors where connections from a proxy's network come from
     */
    ProxyKeeper(
            Supplier<ServiceRecord> service,
            Proxy proxy,
            PublishedSockets published,
            Function<Container, Connector> connectors) {
        this.service = service;
        this.proxy = proxy;
        this.published = published;
        this.connectors = connectors;
    }

    PublishedSockets published() {
        return published;
    }

    /** What the proxy is handed: the published sockets, and behind them the one on which it reports requests. */
    List<Fd> handedOver() {
        Fd current = log;
        if (current == null) {
            current = proxy.openLog(service.get());
            log = current;
            proxy.follow(service.get(), current);
        }
        List<Fd> all = new ArrayList<>(published.sockets());
        all.add(current);
        return all;
    }

    /** From the proxy's init process, which an earlier daemon handed it to. */
    private void takeLogBack(Container container) {
        try {
            Fd taken = container.socket(published.sockets().size());
            log = taken;
            proxy.follow(service.get(), taken);
        } catch (KernelException e) {
            // It has ended meanwhile: the next one gets another socket.
            LOG.log(System.Logger.Level.WARNING, "service \"" + service.get().name() + "\": " + e.getMessage());
        }
    }

    /**
     * A proxy container runs; from now on it is told of changes, and connections are made from its network.
     *
     * @param listener see {@link Proxy#control}
     */
    void attach(Container container, Consumer<Optional<String>> listener) {
        detach();
        if (log == null) {
            takeLogBack(container);
        }
        ProxyControl control = proxy.control(service.get(), container, published.sockets(), listener);
        attached = new Attached(container, control, connectors.apply(container));
    }

    /** What keeps the proxy from doing what it was told; empty where it does, or is being started. */
    String problem() {
        return problem;
    }

    void report(String newProblem) {
        problem = newProblem;
    }

    /** See {@link ProxyControl#outdated}; empty while there is no proxy. */
    Optional<OutdatedProgram> findOutdated() {
        Attached current = attached;
        return current == null ? Optional.empty() : current.control.outdated();
    }

    /** See {@link ProxyControl#upgrade}; does nothing while there is no proxy. */
    void upgrade() throws InterruptedException {
        Attached current = attached;
        if (current != null) {
            current.control.upgrade();
        }
    }

    /** The proxy container has ended. */
    void detach() {
        problem = "";
        Attached current = attached;
        attached = null;
        if (current != null) {
            current.control.close();
            current.connector.close();
        }
    }

    /** See {@link ProxyControl#apply}. Without a proxy there is nothing to wait for: the next one starts with the members of then. */
    ProxyControl.Change apply(Traffic traffic, ProxyControl.Pace pace) {
        Attached current = attached;
        return current == null
                ? new ProxyControl.Change().complete()
                : current.control.apply(service.get(), traffic, pace);
    }

    /**
     * Finds out whether the proxy would take what the service is to be; see {@link ProxyControl#require}.
     *
     * @throws BrockerException.Conflict while there is no proxy to ask
     */
    void require(ServiceRecord next, Traffic traffic) {
        Attached current = attached;
        if (current == null) {
            throw new BrockerException.Conflict(
                    "proxy-away", "the proxy of \"" + next.name() + "\" is being replaced", "try again in a moment");
        }
        current.control.require(next, traffic);
    }

    /** A socket in the service's network. */
    SocketChannel open() throws IOException {
        Attached current = attached;
        if (current == null) {
            throw new IOException("the proxy of \"" + service.get().name() + "\" is being replaced");
        }
        return current.connector.open();
    }

    /**
     * Waits until the proxy accepts connections on its own address.
     *
     * @throws BrockerException.Host when it does not within ten seconds, or ends
     */
    void awaitAnswer(Probes probes, Container container, Supplier<String> lastWords) throws InterruptedException {
        InetSocketAddress address =
                new InetSocketAddress(Addresses.of(service.get().proxyAddress()), ServiceRecord.PROXY_PORT);
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        Finding finding = probes.connect(address, CONNECT_TIMEOUT, this::open);
        while (!(finding instanceof Finding.Good)) {
            if (container.exit().isDone() || System.nanoTime() > deadline) {
                String words = lastWords.get();
                Optional<BrockerException> refusal = proxy.refusal(service.get(), words);
                if (refusal.isPresent()) {
                    throw refusal.get();
                }
                throw new BrockerException.Host(
                        "proxy-failed",
                        "the proxy of \"" + service.get().name() + "\" does not start: "
                                + (words.isEmpty() ? "it does not answer" : words),
                        "");
            }
            Thread.sleep(Duration.ofMillis(5));
            finding = probes.connect(address, CONNECT_TIMEOUT, this::open);
        }
    }

    @Override
    public void close() {
        detach();
        published.close();
        Fd current = log;
        if (current != null) {
            current.close();
        }
    }
}
