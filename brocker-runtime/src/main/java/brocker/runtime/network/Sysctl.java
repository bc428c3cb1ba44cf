package brocker.runtime.network;

import brocker.spec.BrockerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Settings of the calling thread's network namespace, see {@code Documentation/networking/ip-sysctl.rst} of the kernel. */
final class Sysctl {
    private static final Path NET = Path.of("/proc/sys/net");
    private static final int LONGEST = 100;

    private Sysctl() {}

    /** Sets it, where it does not have this value already. */
    static void set(String name, String value) {
        Path file = NET.resolve(name);
        try {
            if (!read(file).equals(value)) {
                Files.writeString(file, value);
            }
        } catch (IOException e) {
            throw refused(file, value, e);
        }
    }

    /** Raises a limit that is lower. A limit that only the first network namespace has stays as it is in any other. */
    static void raise(String name, int least) {
        OptionalInt current = number(name);
        if (current.isPresent() && current.getAsInt() < least) {
            set(name, String.valueOf(least));
        }
    }

    /** The number that a setting is; empty where there is no such setting. */
    static OptionalInt number(String name) {
        Path file = NET.resolve(name);
        try {
            return Files.exists(file) ? OptionalInt.of(Integer.parseInt(read(file))) : OptionalInt.empty();
        } catch (IOException | NumberFormatException e) {
            throw new BrockerException.Host("sysctl-refused", "cannot read \"" + file + "\": " + e.getMessage(), "");
        }
    }

    /** A kernel without IPv6 has none of its settings, and nothing to turn off. */
    static void turnOffIpv6(String link) {
        String name = "ipv6/conf/" + link + "/disable_ipv6";
        if (Files.exists(NET.resolve(name))) {
            set(name, "1");
        }
    }

    /** By a single read(2): the kernel gives nothing more to a second, and {@link Files#readString(Path)} begins with one byte. */
    private static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII).strip();
        }
    }

    private static BrockerException refused(Path file, String value, IOException e) {
        return new BrockerException.Host(
                "sysctl-refused", "cannot set \"" + file + "\" to " + value + ": " + e.getMessage(), "");
    }
}
