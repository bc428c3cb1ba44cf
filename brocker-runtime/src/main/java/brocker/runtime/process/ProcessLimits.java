package brocker.runtime.process;

import java.util.List;
import java.util.Optional;

/**
 * What a command gets in the place of what brockerd was started with; the rest of that {@code brocker-run} resets by itself.
 *
 * @param limits one for every resource that the kernel limits
 * @param oomScoreAdj 0 where absent, as far as the host lets brockerd go down to it
 */
public record ProcessLimits(List<ResourceLimit> limits, Optional<Integer> oomScoreAdj) {
    public ProcessLimits {
        limits = List.copyOf(limits);
    }

    /** Adds what {@code brocker-run} has to know of it. */
    public void order(Orders orders) {
        limits.forEach(limit -> limit.order(orders));
        oomScoreAdj.ifPresent(score -> orders.add("oom-score-adj", score));
    }
}
