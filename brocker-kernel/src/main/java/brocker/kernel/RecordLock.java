package brocker.kernel;

import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Exclusive record locks, see "Advisory record locking" in fcntl(2). The kernel releases them when the process ends, however it ends, and
 * also when the process closes any descriptor of the same file. Only a process that may write to the file can take one, or keep one from
 * being taken where nobody else may read the file either.
 */
public final class RecordLock {
    private static final VarHandle TYPE = LibC.FLOCK.varHandle(PathElement.groupElement("l_type"));
    private static final VarHandle START = LibC.FLOCK.varHandle(PathElement.groupElement("l_start"));
    private static final VarHandle LENGTH = LibC.FLOCK.varHandle(PathElement.groupElement("l_len"));
    private static final VarHandle PID = LibC.FLOCK.varHandle(PathElement.groupElement("l_pid"));

    private RecordLock() {}

    /** What came of it. */
    public sealed interface Attempt {
        /** The lock is this process's until it ends or closes the file. */
        record Taken() implements Attempt {}

        /**
         * Another process has it.
         *
         * @param pid of that process, 0 where it is in a PID namespace that cannot be seen from here
         */
        record Held(int pid) implements Attempt {}
    }

    /**
     * Locks one byte, F_SETLK, without waiting.
     *
     * @param file open for writing; the lock lasts as long as it stays open
     * @param position of the byte, which need not exist
     */
    public static Attempt take(Fd file, long position) {
        try (Call call = new Call()) {
            while (true) {
                MemorySegment lock = oneByte(call, position);
                if (LibC.fcntl(call, file.number(), LibC.F_SETLK, lock) == 0) {
                    return new Attempt.Taken();
                }
                KernelException failure = call.failure("fcntl", file);
                if (!failure.errno().equals(Errno.EAGAIN) && !failure.errno().equals(Errno.EACCES)) {
                    throw failure;
                }
                call.check(LibC.fcntl(call, file.number(), LibC.F_GETLK, lock), "fcntl", file);
                if ((short) TYPE.get(lock, 0L) != LibC.F_UNLCK) {
                    return new Attempt.Held((int) PID.get(lock, 0L));
                }
                // Released in between.
            }
        }
    }

    private static MemorySegment oneByte(Call call, long position) {
        MemorySegment lock = call.arena().allocate(LibC.FLOCK);
        TYPE.set(lock, 0L, LibC.F_WRLCK);
        START.set(lock, 0L, position);
        LENGTH.set(lock, 0L, 1L);
        return lock;
    }
}
