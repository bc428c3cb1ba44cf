package brocker.runtime.process;

/** What getrlimit(2) limits, with the limits of a container's processes: the kernel's own defaults, but for what is said. */
public enum Resource {
    CPU(0, "Max cpu time"),
    FSIZE(1, "Max file size"),
    DATA(2, "Max data size"),
    STACK(3, "Max stack size", 8L << 20, Resource.UNLIMITED),
    /** A dump would land in {@code /app}, or with a handler of the host's; a program that wants one may raise it. */
    CORE(4, "Max core file size", 0, Resource.UNLIMITED),
    RSS(5, "Max resident set"),
    /** The control group counts processes. */
    NPROC(6, "Max processes"),
    /** More than the kernel's 1024, which servers raise, and less than what makes programs slow that close every descriptor. */
    NOFILE(7, "Max open files", 65536, 65536),
    MEMLOCK(8, "Max locked memory", 8L << 20, 8L << 20),
    AS(9, "Max address space"),
    LOCKS(10, "Max file locks"),
    /** The kernel's default depends on the size of the host. */
    SIGPENDING(11, "Max pending signals", 16384, 16384),
    MSGQUEUE(12, "Max msgqueue size", 819200, 819200),
    NICE(13, "Max nice priority", 0, 0),
    RTPRIO(14, "Max realtime priority", 0, 0),
    RTTIME(15, "Max realtime timeout");

    /** {@code RLIM_INFINITY}, the highest number without a sign. */
    static final long UNLIMITED = -1;

    private final int number;
    private final String label;
    private final long soft;
    private final long hard;

    Resource(int number, String label) {
        this(number, label, Resource.UNLIMITED, Resource.UNLIMITED);
    }

    Resource(int number, String label, long soft, long hard) {
        this.number = number;
        this.label = label;
        this.soft = soft;
        this.hard = hard;
    }

    /** {@code RLIMIT_…}, the same on every architecture that Brocker runs on. */
    int number() {
        return number;
    }

    /** What it is called in {@code proc_pid_limits(5)}. */
    String label() {
        return label;
    }

    /** The default soft limit. */
    long soft() {
        return soft;
    }

    /** The default hard limit. */
    long hard() {
        return hard;
    }
}
