package brocker.spec;

import java.util.Optional;

/** How much of a container's output is kept: {@code {"max-size": "10m", "max-files": 3}}, which is also the default. */
public record LogLimits(Optional<ByteSize> maxSize, Optional<Integer> maxFiles) {
    public static final LogLimits DEFAULT = new LogLimits(Optional.empty(), Optional.empty());

    public LogLimits {
        if (maxSize.filter(size -> size.bytes() < 64 << 10).isPresent()) {
            throw new BrockerException.Invalid(
                            "invalid-log", "\"" + maxSize.get() + "\" is too small for a log", "write at least \"64k\"")
                    .at("max-size");
        }
        if (maxFiles.filter(files -> files < 1 || files > 100).isPresent()) {
            throw new BrockerException.Invalid(
                            "invalid-log", "\"" + maxFiles.get() + "\" is not a number of log files", "write 1 to 100")
                    .at("max-files");
        }
    }

    /** The size at which a file is rotated, in bytes. */
    public long bytes() {
        return maxSize.map(ByteSize::bytes).orElse(10L << 20);
    }

    public int files() {
        return maxFiles.orElse(3);
    }
}
