/**
 * The logs that {@code brocker-run} writes ({@code brocker-run/PROTOCOL.md}), read back: where one begins, what comes after, across
 * rotations. May import nothing of the daemon. Files are read on the caller's thread, and writers never wait for readers.
 */
@NullMarked
package brocker.daemon.log;

import org.jspecify.annotations.NullMarked;
