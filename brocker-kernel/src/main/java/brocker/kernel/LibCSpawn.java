package brocker.kernel;

import static brocker.kernel.Call.INT;
import static brocker.kernel.Call.LONG;
import static brocker.kernel.Call.POINTER;
import static brocker.kernel.Call.handle;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Bindings for posix_spawn(3) and what goes with it. These functions return the error number, 0 for none. */
final class LibCSpawn {
    static final short POSIX_SPAWN_SETSIGDEF = 0x04;
    static final short POSIX_SPAWN_SETSIGMASK = 0x08;
    static final short POSIX_SPAWN_SETSID = 0x80;

    /** glibc's {@code posix_spawn_file_actions_t}, which is opaque. */
    static final StructLayout FILE_ACTIONS = MemoryLayout.structLayout(MemoryLayout.sequenceLayout(10, LONG));

    /** glibc's {@code posix_spawnattr_t}, which is opaque. */
    static final StructLayout ATTRIBUTES = MemoryLayout.structLayout(MemoryLayout.sequenceLayout(42, LONG));

    /** {@code sigset_t}. */
    static final StructLayout SIGNAL_SET = MemoryLayout.structLayout(MemoryLayout.sequenceLayout(16, LONG));

    private static final FunctionDescriptor I_P = FunctionDescriptor.of(INT, POINTER);
    private static final FunctionDescriptor I_PI = FunctionDescriptor.of(INT, POINTER, INT);
    private static final FunctionDescriptor I_PII = FunctionDescriptor.of(INT, POINTER, INT, INT);
    private static final FunctionDescriptor I_PP = FunctionDescriptor.of(INT, POINTER, POINTER);
    private static final FunctionDescriptor I_PS = FunctionDescriptor.of(INT, POINTER, ValueLayout.JAVA_SHORT);
    private static final FunctionDescriptor I_PPPPPP =
            FunctionDescriptor.of(INT, POINTER, POINTER, POINTER, POINTER, POINTER, POINTER);

    private static final MethodHandle SPAWN = handle("posix_spawn", I_PPPPPP);
    private static final MethodHandle ACTIONS_INIT = handle("posix_spawn_file_actions_init", I_P);
    private static final MethodHandle ACTIONS_DESTROY = handle("posix_spawn_file_actions_destroy", I_P);
    private static final MethodHandle ADD_DUP2 = handle("posix_spawn_file_actions_adddup2", I_PII);
    private static final MethodHandle ADD_CLOSE = handle("posix_spawn_file_actions_addclose", I_PI);
    private static final MethodHandle ADD_CLOSE_FROM = handle("posix_spawn_file_actions_addclosefrom_np", I_PI);
    private static final MethodHandle ATTRIBUTES_INIT = handle("posix_spawnattr_init", I_P);
    private static final MethodHandle ATTRIBUTES_DESTROY = handle("posix_spawnattr_destroy", I_P);
    private static final MethodHandle SET_FLAGS = handle("posix_spawnattr_setflags", I_PS);
    private static final MethodHandle SET_DEFAULT = handle("posix_spawnattr_setsigdefault", I_PP);
    private static final MethodHandle SET_MASK = handle("posix_spawnattr_setsigmask", I_PP);
    private static final MethodHandle SIGFILLSET = handle("sigfillset", I_P);
    private static final MethodHandle SIGEMPTYSET = handle("sigemptyset", I_P);

    private LibCSpawn() {}

    /** posix_spawn(3). */
    static int posix_spawn(
            Call call,
            MemorySegment pid,
            MemorySegment path,
            MemorySegment actions,
            MemorySegment attributes,
            MemorySegment arguments,
            MemorySegment environment) {
        return Call.invoke(
                () -> (int) SPAWN.invokeExact(call.state(), pid, path, actions, attributes, arguments, environment));
    }

    /** posix_spawn_file_actions_init(3). */
    static int posix_spawn_file_actions_init(Call call, MemorySegment actions) {
        return Call.invoke(() -> (int) ACTIONS_INIT.invokeExact(call.state(), actions));
    }

    /** posix_spawn_file_actions_destroy(3). */
    static int posix_spawn_file_actions_destroy(Call call, MemorySegment actions) {
        return Call.invoke(() -> (int) ACTIONS_DESTROY.invokeExact(call.state(), actions));
    }

    /** posix_spawn_file_actions_adddup2(3). */
    static int posix_spawn_file_actions_adddup2(Call call, MemorySegment actions, int source, int target) {
        return Call.invoke(() -> (int) ADD_DUP2.invokeExact(call.state(), actions, source, target));
    }

    /** posix_spawn_file_actions_addclose(3); closing what is not open is no error in glibc. */
    static int posix_spawn_file_actions_addclose(Call call, MemorySegment actions, int fd) {
        return Call.invoke(() -> (int) ADD_CLOSE.invokeExact(call.state(), actions, fd));
    }

    /** posix_spawn_file_actions_addclosefrom_np of glibc 2.34, in its manual under "Process Spawn". */
    static int posix_spawn_file_actions_addclosefrom_np(Call call, MemorySegment actions, int from) {
        return Call.invoke(() -> (int) ADD_CLOSE_FROM.invokeExact(call.state(), actions, from));
    }

    /** posix_spawnattr_init(3). */
    static int posix_spawnattr_init(Call call, MemorySegment attributes) {
        return Call.invoke(() -> (int) ATTRIBUTES_INIT.invokeExact(call.state(), attributes));
    }

    /** posix_spawnattr_destroy(3). */
    static int posix_spawnattr_destroy(Call call, MemorySegment attributes) {
        return Call.invoke(() -> (int) ATTRIBUTES_DESTROY.invokeExact(call.state(), attributes));
    }

    /** posix_spawnattr_setflags(3). */
    static int posix_spawnattr_setflags(Call call, MemorySegment attributes, short flags) {
        return Call.invoke(() -> (int) SET_FLAGS.invokeExact(call.state(), attributes, flags));
    }

    /** posix_spawnattr_setsigdefault(3). */
    static int posix_spawnattr_setsigdefault(Call call, MemorySegment attributes, MemorySegment signals) {
        return Call.invoke(() -> (int) SET_DEFAULT.invokeExact(call.state(), attributes, signals));
    }

    /** posix_spawnattr_setsigmask(3). */
    static int posix_spawnattr_setsigmask(Call call, MemorySegment attributes, MemorySegment signals) {
        return Call.invoke(() -> (int) SET_MASK.invokeExact(call.state(), attributes, signals));
    }

    /** sigfillset(3), which leaves out the C library's own signals. */
    static int sigfillset(Call call, MemorySegment signals) {
        return Call.invoke(() -> (int) SIGFILLSET.invokeExact(call.state(), signals));
    }

    /** sigemptyset(3). */
    static int sigemptyset(Call call, MemorySegment signals) {
        return Call.invoke(() -> (int) SIGEMPTYSET.invokeExact(call.state(), signals));
    }
}
