package brocker.runtime.process;

/**
 * A limit as {@code brocker-run} takes it, see setrlimit(2).
 *
 * @param resource {@code RLIMIT_…}
 * @param soft the highest number without a sign is no limit; so it is in {@code hard}
 */
public record ResourceLimit(int resource, long soft, long hard) {
    static ResourceLimit of(Resource resource, long soft, long hard) {
        return new ResourceLimit(resource.number(), soft, hard);
    }

    void order(Orders orders) {
        orders.add("rlimit", resource, Long.toUnsignedString(soft), Long.toUnsignedString(hard));
    }
}
