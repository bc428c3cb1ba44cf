package brocker.kernel;

import java.util.Locale;
import java.util.OptionalInt;

/** Character devices that every program may use, with the numbers of the kernel's {@code admin-guide/devices.txt}. */
public enum Device {
    NULL(1, 3),
    ZERO(1, 5),
    FULL(1, 7),
    RANDOM(1, 8),
    URANDOM(1, 9),
    /** The controlling terminal of the process that opens it. */
    TTY(5, 0),
    PTMX(5, 2),
    /** The terminals of {@code devpts}, with every minor number. */
    PTS(136);

    private final int major;
    private final OptionalInt minor;

    Device(int major) {
        this.major = major;
        this.minor = OptionalInt.empty();
    }

    Device(int major, int minor) {
        this.major = major;
        this.minor = OptionalInt.of(minor);
    }

    public int major() {
        return major;
    }

    /** Empty if every minor number is meant. */
    public OptionalInt minor() {
        return minor;
    }

    /** Its name in {@code /dev}. */
    public String file() {
        return name().toLowerCase(Locale.ROOT);
    }
}
