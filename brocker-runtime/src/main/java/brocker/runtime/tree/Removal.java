package brocker.runtime.tree;

/** What came of an attempt to remove a directory. */
public sealed interface Removal {
    /** Nothing of it is left. */
    record Gone() implements Removal {}

    /** The time was over; the rest goes with the next attempts. */
    record Unfinished() implements Removal {}

    /**
     * Something in it cannot be removed now; everything else is gone.
     *
     * @param reason such as {@code "data": a file system is mounted on it}
     */
    record Stuck(String reason) implements Removal {}
}
