package brocker.daemon.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What makes the replicas of a service as many as there should be, and healthy; pure.
 *
 * <p>One that was healthy and is not any more (ailing) stays until another is healthy in its place, as it may recover. At most so many
 * are replaced at a time as there may be beyond the desired number during a deployment, so a service whose replicas are all ailing, because
 * what they depend on is, does not start twice as many, nor stop any.
 *
 * @param start how many to start
 * @param leave who is to stop
 */
public record Upkeep<T>(int start, List<T> leave) {
    public Upkeep {
        leave = List.copyOf(leave);
    }

    /** How a replica stands. */
    public enum Standing {
        /** It was not healthy yet. */
        STARTING,
        HEALTHY,
        AILING
    }

    public record Replica<T>(T what, Standing standing) {}

    /**
     * What there is to do.
     *
     * @param surge how many there may be beyond the desired number
     * @param returning how many have ended and are to be started again by themselves
     * @param living the oldest first
     */
    public static <T> Upkeep<T> of(int desired, int surge, int returning, List<Replica<T>> living) {
        List<Replica<T>> staying = new ArrayList<>(living);
        List<T> leave = new ArrayList<>();
        while (true) {
            int ailing = count(staying, Standing.AILING);
            int extra = Math.min(ailing, surge);
            int over = staying.size() + returning - desired;
            boolean replaced = ailing > 0 && staying.size() - desired > count(staying, Standing.STARTING);
            if (!replaced && over <= extra) {
                return new Upkeep<>(Math.max(0, extra - over), leave);
            }
            Optional<Replica<T>> next = replaced
                    ? first(staying, Standing.AILING)
                    : first(staying.reversed(), Standing.STARTING)
                            .or(() -> first(staying, Standing.AILING))
                            .or(() -> first(staying.reversed(), Standing.HEALTHY));
            if (next.isEmpty()) {
                // Those that return are too many; they are seen to when they are back.
                return new Upkeep<>(0, leave);
            }
            staying.remove(next.get());
            leave.add(next.get().what);
        }
    }

    private static <T> int count(List<Replica<T>> replicas, Standing standing) {
        return Math.toIntExact(replicas.stream()
                .filter(replica -> replica.standing == standing)
                .count());
    }

    private static <T> Optional<Replica<T>> first(List<Replica<T>> replicas, Standing standing) {
        return replicas.stream().filter(replica -> replica.standing == standing).findFirst();
    }
}
