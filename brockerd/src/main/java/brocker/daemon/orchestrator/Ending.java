package brocker.daemon.orchestrator;

import brocker.daemon.port.ProxyControl;
import brocker.daemon.record.ContainerRecord;
import brocker.runtime.Step;
import brocker.spec.BrockerException;
import brocker.spec.ContainerSpec;
import brocker.spec.Signal;
import brocker.spec.wire.Role;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Waiting for containers to end, outside of any mailbox. */
final class Ending {
    /** Two reloads, as others may be under way, and what {@code nginx -t} takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Ending() {}

    /** Waits, and after the time-out kills. */
    static ContainerRecord await(Member member, Duration timeout) {
        try {
            return member.ended()
                    .copy()
                    .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException _) {
            member.running().signal(Signal.SIGKILL);
            return member.ended().join();
        }
    }

    /** When nothing that worked with it is left it gets its signal, and after the time-out it is killed. */
    static ContainerRecord after(ProxyControl.Change left, Member member, Optional<Duration> timeout) {
        left.drained().join();
        ContainerSpec spec = member.record().spec();
        member.running().signal(spec.stopSignalOrDefault());
        Step.STOP_SIGNALLED.done();
        return await(member, timeout.orElseGet(spec::stopTimeoutOrDefault));
    }

    /**
     * The same for somebody who wants to hear of it when the proxy does not let go of the container; it ends when the proxy does.
     *
     * @param drain how long requests may hold the proxy up
     * @throws BrockerException.Host when it takes longer
     */
    static ContainerRecord after(ProxyControl.Change left, Member member, Optional<Duration> timeout, Duration drain) {
        try {
            left.drained()
                    .copy()
                    .orTimeout(drain.plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException _) {
            String name = member.record().name().abbreviated();
            Thread.ofVirtual().name("stop-" + name).start(() -> after(left, member, timeout));
            throw new BrockerException.Host(
                    "reload-failed",
                    "nginx does not let go of the container \"" + name + "\", so it goes on",
                    "see why: brocker-client service status " + member.record().service()
                            + "; it is stopped when nginx lets go of it");
        }
        return after(left, member, timeout);
    }

    /** Ends members that have left together. */
    static void allAfter(List<ProxyControl.Change> left, List<Member> leaving) {
        left.forEach(change -> change.drained().join());
        leaving.forEach(member -> member.running().signal(member.record().spec().stopSignalOrDefault()));
        leaving.forEach(member -> await(member, member.record().spec().stopTimeoutOrDefault()));
    }

    /**
     * Ends all: the proxy first, which finishes what it began while the applications are still there.
     *
     * @param grace how long the proxy may take; zero kills everything at once
     */
    static void all(List<Member> members, Duration grace) {
        List<Member> proxies =
                members.stream().filter(member -> member.is(Role.PROXY)).toList();
        proxies.forEach(member -> member.running().signal(Signal.SIGQUIT));
        proxies.forEach(member -> await(member, grace));
        List<Member> applications =
                members.stream().filter(member -> !member.is(Role.PROXY)).toList();
        applications.forEach(
                member -> member.running().signal(member.record().spec().stopSignalOrDefault()));
        applications.forEach(member ->
                await(member, grace.isZero() ? grace : member.record().spec().stopTimeoutOrDefault()));
    }
}
