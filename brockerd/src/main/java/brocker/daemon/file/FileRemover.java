package brocker.daemon.file;

import brocker.daemon.event.EventDraft;
import brocker.daemon.fault.Faults;
import brocker.daemon.turn.Backoff;
import brocker.kernel.Linux;
import brocker.runtime.Step;
import brocker.runtime.tree.HoldingArea;
import brocker.runtime.tree.Removal;
import brocker.spec.ContainerName;
import brocker.spec.ServiceName;
import brocker.spec.wire.EventDetails;
import brocker.spec.wire.EventType;
import brocker.spec.wire.HostFinding;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Removes the files of forgotten containers. Forgetting one is a rename and never fails. One low-priority thread removes the files, a few
 * seconds at a time, so that no container's files hold up another's. What cannot be removed now is reported once and tried again for as
 * long as it is there, by the next daemon as well. Thread-safe.
 */
public final class FileRemover implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FileRemover.class.getName());
    private static final Duration TURN = Duration.ofSeconds(5);

    /** A directory that takes more is still being written to, or holds millions of files. */
    private static final int UNSUSPICIOUS_TURNS = 3;

    /** nice(2) of the thread. */
    private static final int YIELDING = 19;

    private final Directories directories;
    private final Consumer<EventDraft> events;
    private final HoldingArea containers;
    private final HoldingArea records;
    private final Map<Leftover, Job> jobs = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, FileRemover::thread);

    /** @param events is told of what cannot be removed */
    public FileRemover(Directories directories, Consumer<EventDraft> events) {
        this.directories = directories;
        this.events = events;
        this.containers = new HoldingArea(directories.containers());
        this.records = new HoldingArea(directories.records());
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** What is being removed; touched by the thread alone, but for the problem. */
    private static final class Job {
        private final Backoff backoff = new Backoff();
        private int turns;
        private volatile String problem = "";
    }

    /** Goes on with what an earlier daemon has left. A place that cannot be read now holds up neither the other one nor the caller. */
    public void resume(Faults faults) {
        for (HoldingArea area : List.of(containers, records)) {
            faults.attempt(
                    Faults.Subject.HOST,
                    "the files of forgotten containers in \"" + area.path() + "\" cannot be removed",
                    () -> resume(area));
        }
    }

    private void resume(HoldingArea area) {
        for (String entry : area.entries()) {
            Leftover.parse(entry)
                    .ifPresentOrElse(
                            this::begin,
                            () -> LOG.log(
                                    System.Logger.Level.WARNING,
                                    "ignoring \"" + entry + "\" in \"" + area.path()
                                            + "\": not a name that Brocker uses"));
        }
    }

    /** Takes a container's files out of the way, and removes them in time. */
    void handOver(ContainerName container, ServiceName service) {
        for (Leftover.Part part : Leftover.Part.values()) {
            Leftover leftover = new Leftover(container, service, part);
            // What is not moved now is tried again, and reported, with the first attempt to remove it.
            var _ = area(part).take(source(part), container.value(), leftover.entry());
            begin(leftover);
        }
    }

    /** Whether a container was handed over, and something of it is still there. */
    boolean has(ContainerName name) {
        return jobs.keySet().stream().anyMatch(leftover -> leftover.container().equals(name));
    }

    /** What cannot be removed of a service's containers, a sentence each. */
    public List<String> of(ServiceName service) {
        return stuck().filter(stuck -> stuck.getKey().service().equals(service))
                .map(stuck -> "container \"" + stuck.getKey().container().abbreviated() + "\": " + sentence(stuck))
                .toList();
    }

    /** What cannot be removed of any container, whose service may be gone, for {@code brocker-client check}. */
    public List<HostFinding> findings() {
        return stuck().map(stuck -> HostFinding.limited(
                        "service",
                        subject(stuck.getKey()) + ": " + sentence(stuck),
                        "removal is retried automatically and blocks nothing else"))
                .toList();
    }

    private Stream<Map.Entry<Leftover, Job>> stuck() {
        return jobs.entrySet().stream()
                .filter(job -> !job.getValue().problem.isEmpty())
                .sorted(Comparator.comparing(job -> job.getKey().entry()));
    }

    private static Faults.Subject subject(Leftover leftover) {
        return new Faults.Subject(Optional.of(leftover.service()), Optional.of(leftover.container()));
    }

    private static String sentence(Map.Entry<Leftover, Job> stuck) {
        return sentence(stuck.getValue().problem);
    }

    private static String sentence(String reason) {
        return "its files cannot be removed: " + reason;
    }

    /** What is left then goes on with the next daemon. */
    @Override
    public void close() {
        thread.shutdown();
    }

    private void begin(Leftover leftover) {
        Job job = new Job();
        if (jobs.putIfAbsent(leftover, job) == null) {
            later(leftover, job, Duration.ZERO);
        }
    }

    private void later(Leftover leftover, Job job, Duration pause) {
        try {
            var _ = thread.schedule(() -> work(leftover, job), pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException _) {
            LOG.log(System.Logger.Level.DEBUG, "\"" + leftover.entry() + "\" is left to the next daemon");
        }
    }

    private void work(Leftover leftover, Job job) {
        switch (attempt(leftover)) {
            case Removal.Gone() -> {
                jobs.remove(leftover);
                Step.FILES_REMOVED.done();
            }
            case Removal.Unfinished() -> {
                if (++job.turns == UNSUSPICIOUS_TURNS) {
                    report(leftover, job, "there are very many files, or a process still makes new ones");
                }
                later(leftover, job, TURN);
            }
            case Removal.Stuck(String reason) -> {
                report(leftover, job, reason);
                later(leftover, job, job.backoff.after(Duration.ZERO));
            }
        }
    }

    private Removal attempt(Leftover leftover) {
        Leftover.Part part = leftover.part();
        try {
            return area(part)
                    .remove(leftover.entry(), source(part), leftover.container().value(), TURN);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "removing \"" + leftover.entry() + "\"", e);
            return new Removal.Stuck(String.valueOf(e.getMessage()));
        }
    }

    private void report(Leftover leftover, Job job, String reason) {
        boolean known = !job.problem.isEmpty();
        job.problem = reason;
        if (known) {
            return;
        }
        LOG.log(System.Logger.Level.ERROR, subject(leftover) + ": " + sentence(reason));
        try {
            events.accept(new EventDraft(
                    EventType.CONTAINER_FAULT,
                    leftover.service(),
                    Optional.of(leftover.container()),
                    EventDetails.ofFault(sentence(reason))));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "an event is not written: " + e.getMessage());
        }
    }

    private HoldingArea area(Leftover.Part part) {
        return part == Leftover.Part.RECORD ? records : containers;
    }

    /** The directory in which a container's own is. */
    private Path source(Leftover.Part part) {
        return switch (part) {
            case APP -> directories.containers();
            case LAYERS -> directories.layers();
            case RECORD -> directories.records();
        };
    }

    private static Thread thread(Runnable work) {
        return Thread.ofPlatform().daemon().name("file-remover").unstarted(() -> {
            Linux.setpriority(YIELDING);
            work.run();
        });
    }
}
