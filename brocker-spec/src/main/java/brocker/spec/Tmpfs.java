package brocker.spec;

import java.util.Optional;

/** Memory as a directory: {@code {"target": "/cache", "size": "64m"}}. The size is 64 MiB where none is written. */
public record Tmpfs(String target, Optional<ByteSize> size) {
    public Tmpfs {
        Paths.requireMountTarget("target", target);
    }

    public ByteSize sizeOrDefault() {
        return size.orElse(new ByteSize(64L << 20));
    }
}
