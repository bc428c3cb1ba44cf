package brocker.runtime.cgroup;

/**
 * How much of the processors' time a container gets beside others where all together want more than there is; see "weights" and
 * {@code cpu.idle} in the kernel's {@code cgroup-v2} documentation. Where nobody else wants it, it gets all.
 */
public enum CpuWeight {
    /** The kernel's default. */
    USUAL(100),

    /** Of one that has to start beside others that serve: idle, or a tenth where the kernel does not know idle groups. */
    STARTING(10);

    private static final int USUAL_SHARES = 1024;

    private final int weight;

    CpuWeight(int weight) {
        this.weight = weight;
    }

    /** For {@code cpu.weight} of version 2. */
    int weight() {
        return weight;
    }

    /** For {@code cpu.shares} of version 1. */
    int shares() {
        return USUAL_SHARES * weight / USUAL.weight;
    }
}
