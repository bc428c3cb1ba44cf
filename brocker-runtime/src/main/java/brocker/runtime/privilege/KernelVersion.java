package brocker.runtime.privilege;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first two numbers of a kernel's release; what follows does not count. */
record KernelVersion(int major, int minor) {
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+).*");

    /** The kernel of this machine. */
    static KernelVersion host() {
        try {
            return parse(Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static KernelVersion parse(String release) {
        Matcher matcher = NUMBERS.matcher(release);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a kernel's release: \"" + release + '"');
        }
        MatchResult numbers = matcher.toMatchResult();
        return new KernelVersion(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)));
    }

    boolean isAtLeast(String release) {
        KernelVersion other = parse(release);
        return major > other.major || (major == other.major && minor >= other.minor);
    }
}
