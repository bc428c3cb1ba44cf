package brocker.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/** What one downcall needs: memory for its arguments and its own errno. Confined to the thread that made it. */
@SuppressWarnings("restricted") // the one place where downcall handles are made
final class Call implements AutoCloseable {
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    static final ValueLayout POINTER = ValueLayout.ADDRESS;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = arena.allocate(STATE);

    /** A downcall, as a lambda over {@link MethodHandle#invokeExact}. */
    interface Downcall<R> {
        R invoke() throws Throwable;
    }

    /** A handle on a function of the C library whose first argument is the segment that takes errno. */
    static MethodHandle handle(String function, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(function), descriptor, Linker.Option.captureCallState("errno"));
    }

    /** The same for a variadic function, whose arguments from index {@code firstVariadic} on are the variable ones. */
    static MethodHandle variadic(String function, int firstVariadic, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(function),
                descriptor,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(firstVariadic));
    }

    /** A library, loaded for good by its soname where the host has it; dlopen(3). */
    static Optional<SymbolLookup> library(String soname) {
        try {
            return Optional.of(SymbolLookup.libraryLookup(soname, Arena.global()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** A handle on a function of a library that does not speak through errno. */
    static MethodHandle handle(SymbolLookup library, String function, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(library.findOrThrow(function), descriptor);
    }

    static <R> R invoke(Downcall<R> downcall) {
        try {
            return downcall.invoke();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a downcall threw", e);
        }
    }

    MemorySegment state() {
        return state;
    }

    Arena arena() {
        return arena;
    }

    MemorySegment string(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "a string for the kernel holds a NUL: \"" + text.replace('\0', '?') + '"');
        }
        return arena.allocateFrom(text);
    }

    MemorySegment name(FileName name) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, name.terminated());
    }

    /** Like {@link #string}, but the empty string is the null pointer. */
    MemorySegment stringOrNull(String text) {
        return text.isEmpty() ? MemorySegment.NULL : string(text);
    }

    /** Meaningful only right after a call that failed. */
    Errno errno() {
        return Errno.of((int) ERRNO.get(state, 0L));
    }

    int check(int result, String function, Object object) {
        if (result < 0) {
            throw failure(function, object);
        }
        return result;
    }

    long check(long result, String function, Object object) {
        if (result < 0) {
            throw failure(function, object);
        }
        return result;
    }

    KernelException failure(String function, Object object) {
        return new KernelException(text(function, object), errno());
    }

    /** {@code mount("/x")}; numbers and descriptors stand without quotes. */
    static String text(String function, Object object) {
        return switch (object) {
            case Number number -> function + "(" + number + ")";
            case Fd fd -> function + "(" + fd + ")";
            default -> function + "(\"" + object + "\")";
        };
    }

    @Override
    public void close() {
        arena.close();
    }
}
