package brocker.kernel;

import static brocker.kernel.Call.INT;
import static brocker.kernel.Call.POINTER;
import static brocker.kernel.Call.handle;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Bindings for epoll(7) and eventfd(2). */
final class LibCEpoll {
    static final int EPOLL_CLOEXEC = 02000000;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    static final int EPOLLIN = 1;
    static final int EFD_CLOEXEC = 02000000;

    /** Where {@code data} lies in {@code struct epoll_event}: the structure is packed on x86-64 and nowhere else. */
    static final long EPOLL_DATA = LibC.AARCH64 ? 8 : 4;

    /** {@code struct epoll_event} of epoll_ctl(2). */
    static final StructLayout EPOLL_EVENT = LibC.AARCH64
            ? MemoryLayout.structLayout(
                    INT.withName("events"), MemoryLayout.paddingLayout(4), ValueLayout.JAVA_LONG.withName("data"))
            : MemoryLayout.structLayout(INT.withName("events"), ValueLayout.JAVA_LONG_UNALIGNED.withName("data"));

    private static final FunctionDescriptor I_I = FunctionDescriptor.of(INT, INT);
    private static final FunctionDescriptor I_II = FunctionDescriptor.of(INT, INT, INT);
    private static final FunctionDescriptor I_IIIP = FunctionDescriptor.of(INT, INT, INT, INT, POINTER);
    private static final FunctionDescriptor I_IPII = FunctionDescriptor.of(INT, INT, POINTER, INT, INT);

    private static final MethodHandle CREATE1 = handle("epoll_create1", I_I);
    private static final MethodHandle CTL = handle("epoll_ctl", I_IIIP);
    private static final MethodHandle WAIT = handle("epoll_wait", I_IPII);
    private static final MethodHandle EVENTFD = handle("eventfd", I_II);

    private LibCEpoll() {}

    /** epoll_create1(2). */
    static int epoll_create1(Call call, int flags) {
        return Call.invoke(() -> (int) CREATE1.invokeExact(call.state(), flags));
    }

    /** epoll_ctl(2). */
    static int epoll_ctl(Call call, int epoll, int operation, int fd, MemorySegment event) {
        return Call.invoke(() -> (int) CTL.invokeExact(call.state(), epoll, operation, fd, event));
    }

    /** epoll_wait(2). */
    static int epoll_wait(Call call, int epoll, MemorySegment events, int count, int timeoutMillis) {
        return Call.invoke(() -> (int) WAIT.invokeExact(call.state(), epoll, events, count, timeoutMillis));
    }

    /** eventfd(2). */
    static int eventfd(Call call, int value, int flags) {
        return Call.invoke(() -> (int) EVENTFD.invokeExact(call.state(), value, flags));
    }
}
