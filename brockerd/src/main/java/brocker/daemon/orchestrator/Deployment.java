package brocker.daemon.orchestrator;

import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.Revision;
import brocker.runtime.Step;
import brocker.spec.BrockerException;
import brocker.spec.ContainerName;
import brocker.spec.Timespan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The change of a service from one revision to another, on a virtual thread of its own. One replica after the other: the new one is
 * started, is healthy, receives requests; then an old one leaves the upstream, finishes what it was sent, and is stopped. Where a new one
 * does not become healthy, everything new is removed and the old is brought back to its number.
 *
 * <p>It keeps nothing that the store does not: after a crash the next daemon begins it anew, and finds part of it done.
 */
final class Deployment implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Deployment.class.getName());
    private static final int LAST_LINES = 20;
    private static final Duration ATTEMPT_PAUSE = Duration.ofSeconds(1);

    private final ManagedService service;
    private final Parts parts;
    private final Members members;
    private final History history;
    private final Revision target;
    private final Set<ContainerName> started = new HashSet<>();
    private final Thread thread;

    /** A new replica does not do; the message says what was seen of it. */
    private static final class Failure extends Exception {
        private static final long serialVersionUID = 1;

        private final String reason;

        Failure(String reason) {
            super(reason);
            this.reason = reason;
        }
    }

    Deployment(ManagedService service, Parts parts, Members members, History history, Revision target) {
        this.service = service;
        this.parts = parts;
        this.members = members;
        this.history = history;
        this.target = target;
        this.thread = Thread.ofVirtual()
                .name("deploy-" + service.record().name() + "-" + target.number())
                .unstarted(this::work);
    }

    void start() {
        thread.start();
    }

    /** Leaves it as far as it has come. */
    @Override
    public void close() {
        thread.interrupt();
    }

    private void work() {
        try {
            while (!attempt()) {
                Thread.sleep(ATTEMPT_PAUSE);
            }
            Step.DEPLOYMENT_ENDED.done();
            service.settle();
        } catch (InterruptedException _) {
            LOG.log(System.Logger.Level.DEBUG, "a deployment is left to the next daemon");
        } catch (BrockerException e) {
            LOG.log(System.Logger.Level.INFO, named() + " ends with its service: " + e.message());
        }
    }

    /** Whether it has ended, well or not. Where the host does not let it be noted, as on a full disk, it is begun anew. */
    private boolean attempt() throws InterruptedException {
        try {
            run();
            return true;
        } catch (BrockerException.Host e) {
            LOG.log(System.Logger.Level.ERROR, named() + " does not get on: " + e.message());
            return false;
        }
    }

    private void run() throws InterruptedException {
        int desired = service.record().desiredAfter(target);
        started.clear();
        // What an earlier daemon, or attempt, began is ours to judge.
        of(target).forEach(member -> started.add(member.record().name()));
        try {
            roll(target, desired);
            service.changeWhenServed(record -> record.activated(target));
        } catch (Failure e) {
            LOG.log(System.Logger.Level.WARNING, named() + " is given up: " + e.reason);
            Step.DEPLOYMENT_GIVEN_UP.done();
            if (target.spec().deployOrDefault().rollbackOnFailureOrDefault()) {
                back();
                Step.DEPLOYMENT_UNDONE.done();
            }
            service.change(record -> record.failed(target, e.reason));
        }
    }

    private String named() {
        return "the deployment of \"" + service.record().name() + "\", revision " + target.number() + ",";
    }

    /** Removes what is new, as carefully as it came. */
    private void back() throws InterruptedException {
        Optional<Revision> before = service.record().active();
        if (before.isEmpty()) {
            service.retire(members.replicas().toList());
            return;
        }
        started.clear();
        try {
            roll(before.get(), service.record().spec().desiredReplicas());
        } catch (Failure e) {
            // What was there before does not do any more either; as many as can be had are kept up from here on.
            LOG.log(
                    System.Logger.Level.ERROR,
                    "service \"" + service.record().name() + "\": the way back: " + e.reason);
            service.retire(others(before.get()));
        }
    }

    /** Until there are as many of this revision as there should be, all ready, and no others. */
    private void roll(Revision revision, int desired) throws Failure, InterruptedException {
        int surge = target.spec().deployOrDefault().maxSurgeOrDefault();
        while (true) {
            long seen = members.changes();
            requireGoing();
            List<Member> wanted = of(revision);
            List<Member> others = others(revision);
            boolean proven = wanted.stream().anyMatch(Member::ready);
            int floor = proven ? desired : Math.max(desired, others.size());
            int room = floor + surge - wanted.size() - others.size();
            int missing = desired - wanted.size();
            if (room > 0 && missing > 0) {
                start(revision, Math.min(room, missing));
                continue;
            }
            List<Member> leaving = proven ? leaving(wanted, others, desired) : List.of();
            if (!leaving.isEmpty()) {
                service.retire(leaving);
                Step.OLD_REPLICAS_RETIRED.done();
                continue;
            }
            if (missing <= 0 && others.isEmpty() && wanted.stream().allMatch(Member::ready)) {
                return;
            }
            Duration patience = patience(revision, wanted);
            members.awaitChange(seen, patience);
        }
    }

    /** Who may leave now: others, and of the wanted those that are too many; never so many that fewer than desired are ready. */
    private static List<Member> leaving(List<Member> wanted, List<Member> others, int desired) {
        long ready = wanted.stream().filter(Member::ready).count()
                + others.stream().filter(Member::ready).count();
        List<Member> leaving = new ArrayList<>();
        for (Member other : others) {
            if (!other.ready()) {
                leaving.add(other);
            } else if (ready > desired) {
                leaving.add(other);
                ready--;
            }
        }
        if (others.isEmpty() && wanted.size() > desired) {
            leaving.addAll(wanted.subList(desired, wanted.size()));
        }
        return leaving;
    }

    private void start(Revision revision, int number) throws Failure {
        try {
            for (int i = 0; i < number; i++) {
                started.add(service.launchReplica(revision).record().name());
                Step.NEW_REPLICA_STARTED.done();
            }
        } catch (BrockerException e) {
            if (e.code().equals("service-removing")) {
                throw e;
            }
            throw new Failure(e.message());
        }
    }

    /** None of the new ones may have ended. */
    private void requireGoing() throws Failure {
        for (ContainerName name : started) {
            Optional<ContainerRecord> ended = history.find(name)
                    .filter(record -> !record.stopping() && members.find(name).isEmpty());
            if (ended.isPresent()) {
                int code = ended.get().end().orElseThrow().code();
                throw failure(ended.get(), "ended with code " + code + reason(ended.get()));
            }
        }
    }

    private static String reason(ContainerRecord ended) {
        String reason = ended.end().map(ContainerRecord.End::reason).orElse("");
        return reason.isEmpty() ? "" : " (" + reason + ")";
    }

    /** How much longer the slowest may take to become healthy. */
    private Duration patience(Revision revision, List<Member> wanted) throws Failure {
        Duration timeout = revision.spec().healthOrDefault().startTimeoutOrDefault();
        Duration least = timeout;
        for (Member member : wanted) {
            if (!started.contains(member.record().name()) || member.ready()) {
                continue;
            }
            Duration left = timeout.minus(member.watched());
            if (left.isNegative() || left.isZero()) {
                throw failure(
                        member.record(),
                        "was not healthy within "
                                + new Timespan(timeout)
                                + (member.reason().isEmpty() ? "" : ": " + member.reason()));
            }
            least = left.compareTo(least) < 0 ? left : least;
        }
        return least;
    }

    private Failure failure(ContainerRecord record, String what) {
        List<String> log = parts.files().lastLines(record, LAST_LINES);
        String said = log.isEmpty() ? "; it wrote nothing" : "; it wrote last:\n" + String.join("\n", log);
        return new Failure("the container \"" + record.name().abbreviated() + "\" " + what + said);
    }

    private List<Member> of(Revision revision) {
        return members.replicas()
                .filter(member -> member.record().revision() == revision.number())
                .toList();
    }

    private List<Member> others(Revision revision) {
        return members.replicas()
                .filter(member -> member.record().revision() != revision.number())
                .toList();
    }
}
