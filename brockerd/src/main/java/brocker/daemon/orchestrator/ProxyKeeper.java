package brocker.daemon.orchestrator;

import brocker.runtime.RunningContainer;
import brocker.runtime.network.Addresses;
import brocker.runtime.network.NamespaceSockets;
import brocker.spec.BrockerException;
import brocker.spec.Health;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A service's proxy as it comes and goes, and the sockets that stay. Changed by the service's mailbox alone. */
final class ProxyKeeper implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(10);

    private final Supplier<ServiceRecord> service;
    private final Proxy proxy;
    private final PublishedSockets published;
    private volatile @Nullable Attached attached;

    private record Attached(RunningContainer container, ProxyControl control, NamespaceSockets sockets) {}

    ProxyKeeper(Supplier<ServiceRecord> service, Proxy proxy, PublishedSockets published) {
        this.service = service;
        this.proxy = proxy;
        this.published = published;
    }

    PublishedSockets published() {
        return published;
    }

    /** A proxy container runs; from now on it is told of changes, and connections are made from its network. */
    void attach(RunningContainer container) {
        detach();
        NamespaceSockets sockets = NamespaceSockets.of("probe-" + service.get().name(), container.pidfd());
        attached = new Attached(container, proxy.control(service.get(), container, published.sockets()), sockets);
    }

    /** The proxy container has ended. */
    void detach() {
        Attached current = attached;
        attached = null;
        if (current != null) {
            current.control.close();
            current.sockets.close();
        }
    }

    /** See {@link ProxyControl#apply}. Without a proxy there is nothing to wait for: the next one starts with the members of then. */
    ProxyControl.Change apply(Traffic traffic, ProxyControl.Pace pace) {
        Attached current = attached;
        return current == null
                ? new ProxyControl.Change().complete()
                : current.control.apply(service.get(), traffic, pace);
    }

    /** A socket in the service's network. */
    SocketChannel open() throws IOException {
        Attached current = attached;
        if (current == null) {
            throw new IOException("the proxy of \"" + service.get().name() + "\" is being replaced");
        }
        return current.sockets.open();
    }

    /**
     * Waits until the proxy accepts connections on its own address.
     *
     * @throws BrockerException.Host when it does not within ten seconds, or ends
     */
    void awaitAnswer(RunningContainer container, Supplier<String> lastWords) throws IOException, InterruptedException {
        HealthProbe probe = new HealthProbe(
                Health.DEFAULT,
                new InetSocketAddress(Addresses.of(service.get().proxyAddress()), ServiceRecord.PROXY_PORT));
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        Optional<String> failure = probe.check(open());
        while (failure.isPresent()) {
            if (container.exit().isDone() || System.nanoTime() > deadline) {
                String words = lastWords.get();
                throw new BrockerException.Host(
                        "proxy-failed",
                        "the proxy of \"" + service.get().name() + "\" does not start: "
                                + (words.isEmpty() ? failure.get() : words),
                        "");
            }
            Thread.sleep(Duration.ofMillis(5));
            failure = probe.check(open());
        }
    }

    @Override
    public void close() {
        detach();
        published.close();
    }
}
