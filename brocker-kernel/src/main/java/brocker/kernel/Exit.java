package brocker.kernel;

/** How a process ended. */
public sealed interface Exit {
    /** It called exit(3) with this code, 0 to 255. */
    record Code(int code) implements Exit {}

    /** This signal, 1 to 64, killed it; see signal(7). */
    record Signal(int signal) implements Exit {}

    /** It ended, but it was not our child (or somebody else reaped it), so the kernel does not tell us how. */
    record Unknown() implements Exit {}
}
