package brocker.daemon.health;

/** What one look at a container's health gave. */
public sealed interface Finding {
    /** It can serve. */
    record Good() implements Finding {}

    /**
     * It cannot.
     *
     * @param seen where it was asked and what it said, in one line
     * @param listens whether anybody took the connection
     */
    record Bad(String seen, boolean listens) implements Finding {}

    /** It could not be asked, which says nothing of it. */
    record Unknown(String why) implements Finding {}
}
