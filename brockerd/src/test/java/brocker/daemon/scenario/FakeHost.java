package brocker.daemon.scenario;

import brocker.daemon.health.Finding;
import brocker.daemon.health.HealthMonitor.Report;
import brocker.daemon.health.HealthProbe.SocketSource;
import brocker.daemon.health.Probes;
import brocker.daemon.port.Bridges;
import brocker.daemon.port.Connector;
import brocker.daemon.port.ContainerFiles;
import brocker.daemon.port.Groups;
import brocker.daemon.port.Host;
import brocker.daemon.port.HostRuntime;
import brocker.daemon.port.StartRequest;
import brocker.daemon.record.ContainerRecord;
import brocker.kernel.netlink.Link;
import brocker.runtime.Container;
import brocker.runtime.ExecSession;
import brocker.runtime.cgroup.CpuWeight;
import brocker.runtime.network.BridgePlan;
import brocker.runtime.network.BridgePort;
import brocker.runtime.process.ExitRecord;
import brocker.spec.BrockerException;
import brocker.spec.Cidr;
import brocker.spec.ContainerLimits;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.ServiceName;
import brocker.spec.wire.ContainerStats;
import brocker.spec.wire.ExecRequest;
import brocker.spec.wire.HealthState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A host in memory, which outlives the daemons that are started on it. Containers live until they are signalled, and are healthy. */
final class FakeHost implements HostRuntime, ContainerFiles, Bridges, Groups, Probes {
    private final Map<String, FakeContainer> living = new ConcurrentSkipListMap<>();
    private final Map<String, ExitRecord> exits = new ConcurrentHashMap<>();
    private final Set<String> directories = new ConcurrentSkipListSet<>();
    private final Set<String> groups = new ConcurrentSkipListSet<>();
    private final Set<String> bridges = new ConcurrentSkipListSet<>();
    private final AtomicInteger pids = new AtomicInteger(100);
    private final Map<String, Integer> starts = new ConcurrentHashMap<>();
    private volatile Runnable beforeStart = () -> {};
    private volatile Runnable beforeRelease = () -> {};

    Host ports() {
        return new Host(this, this, this, this);
    }

    /** What is done, on the caller's thread, before a container is started. */
    void beforeStart(Runnable work) {
        beforeStart = work;
    }

    /** What is done, on the caller's thread, before the kernel's rest of a container is removed. */
    void beforeRelease(Runnable work) {
        beforeRelease = work;
    }

    /** The container of a name that lives. */
    FakeContainer container(ContainerName name) {
        return Optional.ofNullable(living.get(name.value())).orElseThrow();
    }

    /** How often a container was started. */
    int starts(ContainerName name) {
        return starts.getOrDefault(name.value(), 0);
    }

    void ended(String name, FakeContainer container, int code) {
        Instant now = Instant.now();
        exits.put(name, new ExitRecord(code, 0, now, now, 0, 0));
        living.remove(name, container);
    }

    @Override
    public String bootId() {
        return "this boot";
    }

    @Override
    public void require(ContainerSpec spec) {
        // It has everything.
    }

    @Override
    public void require(ContainerLimits limits) {
        // It has everything.
    }

    @Override
    public void prepare(ContainerRecord container) {
        directories.add(container.name().value());
    }

    @Override
    public Container start(StartRequest request) {
        beforeStart.run();
        String name = request.container().name().value();
        FakeContainer container = new FakeContainer(this, name, pids.incrementAndGet());
        groups.add(name);
        exits.remove(name);
        living.put(name, container);
        starts.merge(name, 1, Integer::sum);
        return container;
    }

    @Override
    public Optional<Container> find(ContainerRecord container) {
        return Optional.ofNullable(living.get(container.name().value()))
                .filter(found -> container
                        .start()
                        .filter(start -> start.init().equals(found.init()))
                        .isPresent())
                .map(Container.class::cast);
    }

    @Override
    public ExecSession exec(ContainerRecord container, Container running, ExecRequest request) {
        throw new UnsupportedOperationException("there are no processes here");
    }

    @Override
    public Connector connector(Container container) {
        return new Connector() {
            @Override
            public SocketChannel open() throws IOException {
                throw new IOException("there is no network here");
            }

            @Override
            public void close() {
                // It holds nothing.
            }
        };
    }

    @Override
    public void limit(ContainerRecord container) {
        // Nothing is limited.
    }

    @Override
    public void weigh(ContainerRecord container, CpuWeight weight) {
        // There are no processors.
    }

    @Override
    public long oomKills(ContainerName container) {
        return 0;
    }

    @Override
    public List<ContainerStats> stats(List<ContainerRecord> containers) {
        return List.of();
    }

    @Override
    public void killRest(ContainerName container) {
        kill(container.value());
    }

    @Override
    public void release(ContainerName container, Optional<String> hostEnd) {
        beforeRelease.run();
        groups.remove(container.value());
    }

    @Override
    public boolean keeps(ContainerRecord container) {
        return directories.contains(container.name().value());
    }

    @Override
    public void forget(ContainerName container, ServiceName service) {
        directories.remove(container.value());
        exits.remove(container.value());
    }

    @Override
    public List<String> problems(ServiceName service) {
        return List.of();
    }

    @Override
    public Optional<ExitRecord> exitRecord(ContainerName container) {
        return Optional.ofNullable(exits.get(container.value()));
    }

    @Override
    public List<String> lastLines(ContainerRecord container, int number) {
        return List.of();
    }

    @Override
    public Path logDirectory(ContainerName container) {
        throw new UnsupportedOperationException("there are no files here");
    }

    @Override
    public void add(BridgePlan plan) {
        if (!bridges.add(plan.name())) {
            throw new BrockerException.Host("bridge-exists", "there is a bridge \"" + plan.name() + "\"", "");
        }
    }

    @Override
    public void ensure(BridgePlan plan) {
        bridges.add(plan.name());
    }

    @Override
    public void delete(String name) {
        bridges.remove(name);
        groups.remove(name);
    }

    @Override
    public Map<String, String> restore(int refused, List<BridgePlan> plans, List<BridgePort> ports) {
        return Map.of();
    }

    @Override
    public List<Link> links() {
        return List.of();
    }

    @Override
    public List<Cidr> taken() {
        return List.of();
    }

    @Override
    public List<String> names() {
        return List.copyOf(groups);
    }

    @Override
    public void kill(String name) {
        Optional.ofNullable(living.get(name)).ifPresent(container -> container.end(128 + 9));
    }

    @Override
    public boolean deleteAtOnce(String name) {
        groups.remove(name);
        return true;
    }

    @Override
    public Watch watch(Subject subject, SocketSource sockets, Consumer<Report> listener) {
        if (!subject.healthyBefore()) {
            listener.accept(new Report(HealthState.HEALTHY, ""));
        }
        return () -> {};
    }

    @Override
    public Finding connect(InetSocketAddress address, Duration timeout, SocketSource sockets) {
        return new Finding.Good();
    }
}
