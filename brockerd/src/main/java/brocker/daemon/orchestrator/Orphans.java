package brocker.daemon.orchestrator;

import brocker.daemon.fault.Faults;
import brocker.daemon.port.Groups;
import brocker.kernel.netlink.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What bears our name on the host and belongs to nobody that the store knows.
 *
 * @param bridges those of the services that are known
 * @param groups those of the containers that are known
 */
record Orphans(Parts parts, Set<String> bridges, Set<String> groups) {
    private static final String BRIDGE = "brocker\\d+";

    /** How long the start of the daemon waits for processes that were killed; what is left then is removed beside it. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration PAUSE = Duration.ofMillis(5);

    /**
     * Removes groups below our parent, and bridges that nothing is attached to.
     *
     * @param everyGroupKnown whether a group that is not known is certainly nobody's
     */
    void remove(List<Link> links, boolean everyGroupKnown) {
        if (everyGroupKnown) {
            removeGroups();
        }
        for (Link link : links) {
            boolean used = links.stream().anyMatch(other -> other.master() == link.index());
            if (link.name().matches(BRIDGE) && !bridges.contains(link.name()) && !used) {
                parts.faults()
                        .attempt(
                                Faults.Subject.HOST,
                                "the bridge \"" + link.name() + "\", which is nobody's, cannot be removed",
                                () -> parts.bridges().delete(link.name()));
            }
        }
    }

    private void removeGroups() {
        Groups all = parts.groups();
        List<String> left = new ArrayList<>();
        for (String group : all.names()) {
            if (!groups.contains(group) && attempt(group, () -> all.kill(group))) {
                left.add(group);
            }
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        left.removeIf(all::deleteAtOnce);
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            pause();
            left.removeIf(all::deleteAtOnce);
        }
        left.forEach(group -> attempt(group, () -> {
            all.kill(group);
            all.delete(group);
        }));
    }

    private boolean attempt(String group, Runnable work) {
        return parts.faults()
                .attempt(
                        Faults.Subject.HOST,
                        "the control group \"" + group + "\", which is nobody's, cannot be removed",
                        work);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while control groups were removed", e);
        }
    }
}
