package brocker.runtime.cgroup;

import java.nio.file.Path;
import java.util.function.ToLongFunction;

/**
 * What a group has read from and written to block devices; see "IO" in the kernel's {@code cgroup-v2} documentation and
 * {@code cgroup-v1/blkio-controller}. Version 1 does not know whose a delayed write is and counts it nowhere.
 */
record BlockIo(Path group, int version) {
    long read() {
        return version == 2 ? sum(line -> keyed(line, "rbytes=")) : sum(line -> operation(line, "Read"));
    }

    long written() {
        return version == 2 ? sum(line -> keyed(line, "wbytes=")) : sum(line -> operation(line, "Write"));
    }

    private long sum(ToLongFunction<String> bytes) {
        String file = version == 2 ? "io.stat" : "blkio.throttle.io_service_bytes_recursive";
        return GroupFiles.read(group.resolve(file)).lines().mapToLong(bytes).sum();
    }

    /** {@code 8:0 rbytes=4096 wbytes=0 …}. */
    private static long keyed(String line, String key) {
        for (String word : line.split(" ", -1)) {
            if (word.startsWith(key)) {
                return Long.parseLong(word.substring(key.length()));
            }
        }
        return 0;
    }

    /** {@code 8:0 Read 4096}. */
    private static long operation(String line, String name) {
        String[] words = line.split(" ", -1);
        return words.length == 3 && words[1].equals(name) ? Long.parseLong(words[2]) : 0;
    }
}
