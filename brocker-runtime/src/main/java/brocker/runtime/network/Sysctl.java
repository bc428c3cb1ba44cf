package brocker.runtime.network;

import brocker.spec.BrockerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Settings of the calling thread's network namespace, see {@code Documentation/networking/ip-sysctl.rst} of the kernel. */
final class Sysctl {
    private static final Path NET = Path.of("/proc/sys/net");

    private Sysctl() {}

    /** Sets it, where it does not have this value already. */
    static void set(String name, String value) {
        Path file = NET.resolve(name);
        try {
            if (!Files.readString(file).strip().equals(value)) {
                Files.writeString(file, value);
            }
        } catch (IOException e) {
            throw new BrockerException.Host(
                    "sysctl-refused", "cannot set \"" + file + "\" to " + value + ": " + e.getMessage(), "");
        }
    }

    /** A kernel without IPv6 has none of its settings, and nothing to turn off. */
    static void turnOffIpv6(String link) {
        String name = "ipv6/conf/" + link + "/disable_ipv6";
        if (Files.exists(NET.resolve(name))) {
            set(name, "1");
        }
    }
}
