package brocker.runtime.cgroup;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What a group takes of the host.
 *
 * @param memory in bytes, without file content that would be given up first
 * @param cpu since the group was made, on all processors together
 * @param pids processes and threads
 * @param blockRead bytes since the group was made; absent where the host does not count them
 * @param blockWritten as {@code blockRead}
 */
public record Usage(long memory, Duration cpu, int pids, OptionalLong blockRead, OptionalLong blockWritten) {}
