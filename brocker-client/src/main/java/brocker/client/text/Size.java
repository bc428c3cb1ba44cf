package brocker.client.text;

import java.util.Locale;

/** Numbers of bytes for people. */
public final class Size {
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Size() {}

    /** Three digits or so, such as {@code 23.5 MiB}, {@code 512 MiB} or {@code 90 B}. */
    public static String of(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double number = bytes;
        int unit = -1;
        // What would be rounded to 1024 is one of the next.
        while (number >= 1023.5 && unit < UNITS.length - 1) {
            number /= 1024;
            unit++;
        }
        boolean whole = number >= 99.95 || number == Math.rint(number);
        return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", number, UNITS[unit]);
    }
}
