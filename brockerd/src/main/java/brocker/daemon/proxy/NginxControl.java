package brocker.daemon.proxy;

import brocker.daemon.port.OutdatedProgram;
import brocker.daemon.port.ProxyControl;
import brocker.daemon.port.Traffic;
import brocker.daemon.proxy.Notices.Notice;
import brocker.daemon.record.ServiceRecord;
import brocker.kernel.Fd;
import brocker.kernel.InNamespaces;
import brocker.runtime.RunningContainer;
import brocker.runtime.Step;
import brocker.runtime.process.ReplacedFiles;
import brocker.spec.Signal;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reloads one nginx, on a platform thread of its own: changes that come within a short window become one reload, the configuration is
 * checked before it is used, and a change is done when the workers of the earlier configuration are gone. What nginx does not take is
 * tried again, and told of, until it does.
 */
final class NginxControl implements ProxyControl {
    private static final System.Logger LOG = System.getLogger(NginxControl.class.getName());
    private static final Duration WINDOW = Duration.ofMillis(20);
    private static final Duration POLL = Duration.ofMillis(5);

    /** How long clients that rest are waited for. */
    private static final Duration LONGEST_NOTICE = Duration.ofSeconds(3);

    private static final Duration SHORT_NOTICE = Duration.ofMillis(200);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration FIRST_REST = Duration.ofMillis(500);
    private static final Duration LONGEST_REST = Duration.ofSeconds(10);

    private final Nginx nginx;
    private final ServiceRecord service;
    private final RunningContainer container;
    private final NginxProcesses processes;
    private final NginxCheck check;
    private final NginxUpgrade upgrade;
    private final NginxReload reload;
    private final Notices notices;
    private final Consumer<Optional<String>> listener;
    /** Held by whoever replaces workers: a reload, or an upgrade. */
    private final ReentrantLock replacing = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private @Nullable Wanted wanted;
    private List<Change> waiting = new ArrayList<>();
    private volatile ServiceRecord served;
    private volatile boolean hurry;
    private boolean closed;
    private Optional<String> told = Optional.of("nothing yet"); // the thread's alone, as is rest
    private Duration rest = FIRST_REST;

    NginxControl(
            Nginx nginx,
            ServiceRecord service,
            RunningContainer container,
            List<Fd> sockets,
            Consumer<Optional<String>> listener) {
        this.nginx = nginx;
        this.service = service;
        this.container = container;
        this.processes = new NginxProcesses(nginx.runtime().cgroups(), container);
        this.check = new NginxCheck(nginx, container, sockets);
        this.upgrade = new NginxUpgrade(nginx, container, processes, sockets);
        this.reload = new NginxReload(nginx, container, check, processes, upgrade);
        this.served = service;
        this.listener = listener;
        this.notices = nginx.notices(service);
        // What an earlier daemon announced, and did not come to.
        notices.clear();
        this.thread =
                Thread.ofPlatform().daemon().name("nginx-" + service.name()).start(this::work);
    }

    @Override
    public Change apply(ServiceRecord service, Traffic traffic, Pace pace) {
        Change change = new Change();
        served = service;
        lock.lock();
        try {
            if (closed) {
                leave(List.of(change));
            } else {
                wanted = new Wanted(service, traffic);
                hurry = hurry || pace == Pace.AT_ONCE;
                waiting.add(change);
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
        return change;
    }

    @Override
    public void require(ServiceRecord next, Traffic traffic) {
        Configuration configuration = nginx.configuration(next, traffic);
        if (nginx.directory(service).runs(configuration)) {
            return;
        }
        NginxDirectory trial = nginx.directory(service).trial();
        try {
            trial.write(NginxDirectory.FILE, configuration, container.users());
            InNamespaces.call("nginx-check-" + service.name(), () -> {
                check.require(trial.inside() + "/" + NginxDirectory.FILE, configuration.directives());
                return true;
            });
        } finally {
            trial.delete();
        }
    }

    @Override
    public Optional<OutdatedProgram> outdated() {
        return processes.serving().stream()
                .findFirst()
                .map(ReplacedFiles::of)
                .filter(files -> !files.isEmpty())
                .map(OutdatedProgram::new);
    }

    @Override
    public void upgrade() throws InterruptedException {
        replacing.lockInterruptibly();
        try {
            ServiceRecord of = served;
            InNamespaces.call("nginx-check-" + service.name(), () -> {
                check.require(Nginx.INSIDE + "/" + NginxDirectory.FILE, Directives.of(of));
                return true;
            });
            // Those of a successor that an earlier daemon started stay.
            Notice notice = notices.give(processes.serving().stream()
                    .findFirst()
                    .map(processes::workersOf)
                    .orElse(Set.of()));
            try {
                new NginxClients(container, of).awaitLeaving(this::patience);
                replaceProgram(of, notice);
            } catch (InterruptedException | RuntimeException e) {
                notice.withdraw();
                throw e;
            }
        } finally {
            replacing.unlock();
        }
    }

    private void replaceProgram(ServiceRecord of, Notice notice) throws InterruptedException {
        if (upgrade.isPossible()) {
            Set<Integer> earlier = upgrade.carryOut();
            Thread.ofVirtual().name("nginx-drain-" + service.name()).start(() -> watch(of, earlier, notice, List.of()));
            awaitNone(processes::accepting, earlier, System.nanoTime() + GRACE.toNanos());
            return;
        }
        // Started by an earlier version: its end is the container's, and the next one is started when it has come.
        container.signal(Signal.SIGQUIT);
        Duration longest = of.spec().drainTimeoutOrDefault().plus(GRACE);
        long deadline = System.nanoTime() + longest.toNanos();
        while (!container.exit().isDone() && System.nanoTime() < deadline) {
            Thread.sleep(POLL);
        }
        container.signal(Signal.SIGKILL);
    }

    @Override
    public void close() {
        List<Change> left;
        lock.lock();
        try {
            closed = true;
            left = waiting;
            waiting = new ArrayList<>();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
        leave(left);
    }

    /** Nothing works with anything any more once the container has ended. Otherwise only the daemon leaves, and the next one goes on. */
    private void leave(List<Change> changes) {
        if (container.exit().isDone()) {
            changes.forEach(Change::complete);
        }
    }

    private record Wanted(ServiceRecord service, Traffic traffic) {}

    private record Batch(Wanted wanted, List<Change> changes) {}

    private void work() {
        try {
            while (true) {
                Wanted next = awaitWanted();
                Thread.sleep(WINDOW);
                replacing.lockInterruptibly();
                try {
                    Notice notice = giveNotice(next);
                    Optional<Batch> batch = take(next, notice);
                    if (batch.isPresent()) {
                        carryOut(batch.get(), notice);
                    }
                } finally {
                    replacing.unlock();
                }
            }
        } catch (InterruptedException _) {
            LOG.log(System.Logger.Level.DEBUG, "the proxy of \"" + service.name() + "\" has left");
        }
    }

    private Wanted awaitWanted() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (wanted == null) {
                changed.await();
            }
            return wanted;
        } finally {
            lock.unlock();
        }
    }

    /** Everything that is wanted by now; nothing where what was wanted before needed no notice, and this may need one. */
    private Optional<Batch> take(Wanted seen, Notice notice) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (notice.equals(Notice.NONE) && !seen.equals(wanted)) {
                return Optional.empty();
            }
            Batch batch = new Batch(Objects.requireNonNull(wanted), waiting);
            wanted = null;
            waiting = new ArrayList<>();
            hurry = false;
            return Optional.of(batch);
        } finally {
            lock.unlock();
        }
    }

    /**
     * A worker that has to leave closes the connections that rest, and a request that is on its way there is lost. So every answer says
     * {@code Connection: close} for a while before, until no connection is left to which it was not said, or for three seconds.
     */
    private Notice giveNotice(Wanted next) throws InterruptedException {
        Notice notice;
        try {
            if (nginx.directory(next.service).runs(nginx.configuration(next.service, next.traffic))) {
                return Notice.NONE;
            }
            notice = notices.give(processes.workers());
        } catch (UncheckedIOException e) {
            LOG.log(System.Logger.Level.ERROR, "proxy of \"" + service.name() + "\": " + e.getMessage());
            return Notice.NONE;
        }
        Step.NOTICE_GIVEN.done();
        try {
            new NginxClients(container, next.service).awaitLeaving(this::patience);
        } catch (InterruptedException e) {
            notice.withdraw();
            throw e;
        }
        return notice;
    }

    private Duration patience() {
        return hurry ? SHORT_NOTICE : LONGEST_NOTICE;
    }

    private void carryOut(Batch batch, Notice notice) throws InterruptedException {
        try {
            Optional<String> failure = attempt(batch, notice);
            if (!failure.equals(told)) {
                listener.accept(failure);
                told = failure;
            }
            if (failure.isEmpty()) {
                rest = FIRST_REST;
                return;
            }
            LOG.log(System.Logger.Level.ERROR, "proxy of \"" + service.name() + "\": " + failure.get());
            notice.withdraw();
            putBack(batch);
            awaitOther(batch, rest);
            Duration longer = rest.multipliedBy(2);
            rest = longer.compareTo(LONGEST_REST) < 0 ? longer : LONGEST_REST;
        } catch (InterruptedException e) {
            notice.withdraw();
            leave(batch.changes);
            throw e;
        }
    }

    /** Does what is wanted, and says why not where nginx does not. */
    private Optional<String> attempt(Batch batch, Notice notice) throws InterruptedException {
        Set<Integer> earlier;
        try {
            earlier = reload.carryOut(batch.wanted.service, batch.wanted.traffic);
        } catch (RuntimeException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        Thread.ofVirtual()
                .name("nginx-drain-" + service.name())
                .start(() -> watch(batch.wanted.service, earlier, notice, batch.changes));
        return Optional.empty();
    }

    /** It is still wanted, unless something else is by now. */
    private void putBack(Batch batch) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (closed) {
                leave(batch.changes);
                return;
            }
            wanted = wanted == null ? batch.wanted : wanted;
            waiting.addAll(0, batch.changes);
        } finally {
            lock.unlock();
        }
    }

    private void awaitOther(Batch refused, Duration pause) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = pause.toNanos();
            while (refused.wanted.equals(wanted) && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Follows the workers of the earlier configurations: first they accept nothing more, then they are gone. */
    private void watch(ServiceRecord applied, Set<Integer> earlier, Notice notice, List<Change> changes) {
        Duration longest = applied.spec().drainTimeoutOrDefault().plus(GRACE);
        long deadline = System.nanoTime() + longest.toNanos();
        try {
            awaitNone(processes::accepting, earlier, deadline);
            notice.withdraw();
            changes.forEach(change -> change.serving().complete(null));
            awaitNone(processes::workers, earlier, deadline);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            notice.withdraw();
            changes.forEach(Change::complete);
        }
    }

    private void awaitNone(Supplier<Set<Integer>> workers, Set<Integer> earlier, long deadline)
            throws InterruptedException {
        while (!container.exit().isDone()
                && System.nanoTime() < deadline
                && workers.get().stream().anyMatch(earlier::contains)) {
            Thread.sleep(POLL);
        }
    }
}
