package brocker.kernel;

import static brocker.kernel.Call.INT;
import static brocker.kernel.Call.POINTER;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Bindings for libnftables(3), 0.9.8 and newer. Nothing is loaded before the first use. */
final class LibNftables {
    static final String SONAME = "libnftables.so.1";

    private static final Optional<SymbolLookup> LIBRARY = Call.library(SONAME);

    private LibNftables() {}

    static boolean isPresent() {
        return LIBRARY.isPresent();
    }

    /** Initialised only where the library is there. */
    private static final class Functions {
        private static final SymbolLookup LIBRARY =
                LibNftables.LIBRARY.orElseThrow(() -> new MissingLibraryException(SONAME));
        private static final FunctionDescriptor I_P = FunctionDescriptor.of(INT, POINTER);
        private static final FunctionDescriptor I_PP = FunctionDescriptor.of(INT, POINTER, POINTER);
        private static final FunctionDescriptor P_I = FunctionDescriptor.of(POINTER, INT);
        private static final FunctionDescriptor P_P = FunctionDescriptor.of(POINTER, POINTER);

        static final MethodHandle NEW = handle("nft_ctx_new", P_I);
        static final MethodHandle FREE = handle("nft_ctx_free", FunctionDescriptor.ofVoid(POINTER));
        static final MethodHandle BUFFER_OUTPUT = handle("nft_ctx_buffer_output", I_P);
        static final MethodHandle BUFFER_ERROR = handle("nft_ctx_buffer_error", I_P);
        static final MethodHandle GET_OUTPUT_BUFFER = handle("nft_ctx_get_output_buffer", P_P);
        static final MethodHandle GET_ERROR_BUFFER = handle("nft_ctx_get_error_buffer", P_P);
        static final MethodHandle RUN_CMD_FROM_BUFFER = handle("nft_run_cmd_from_buffer", I_PP);

        private static MethodHandle handle(String function, FunctionDescriptor descriptor) {
            return Call.handle(LIBRARY, function, descriptor);
        }
    }

    /** A context, bound to the network namespace of the calling thread; never null. */
    static MemorySegment nft_ctx_new(int flags) {
        return Call.<MemorySegment>invoke(() -> (MemorySegment) Functions.NEW.invokeExact(flags));
    }

    static void nft_ctx_free(MemorySegment context) {
        Call.<Boolean>invoke(() -> {
            Functions.FREE.invokeExact(context);
            return true;
        });
    }

    /** Not 0 where it fails. */
    static int nft_ctx_buffer_output(MemorySegment context) {
        return Call.invoke(() -> (int) Functions.BUFFER_OUTPUT.invokeExact(context));
    }

    /** Not 0 where it fails. */
    static int nft_ctx_buffer_error(MemorySegment context) {
        return Call.invoke(() -> (int) Functions.BUFFER_ERROR.invokeExact(context));
    }

    /** What the last run wrote; the context's, until the next run. */
    static String nft_ctx_get_output_buffer(MemorySegment context) {
        return text(Call.<MemorySegment>invoke(() -> (MemorySegment) Functions.GET_OUTPUT_BUFFER.invokeExact(context)));
    }

    /** What the last run complained of; the context's, until the next run. */
    static String nft_ctx_get_error_buffer(MemorySegment context) {
        return text(Call.<MemorySegment>invoke(() -> (MemorySegment) Functions.GET_ERROR_BUFFER.invokeExact(context)));
    }

    /** 0, or -1 where nothing was done. */
    static int nft_run_cmd_from_buffer(MemorySegment context, MemorySegment commands) {
        return Call.invoke(() -> (int) Functions.RUN_CMD_FROM_BUFFER.invokeExact(context, commands));
    }

    @SuppressWarnings("restricted") // the library ends its buffers with a NUL
    private static String text(MemorySegment buffer) {
        return buffer.equals(MemorySegment.NULL)
                ? ""
                : buffer.reinterpret(Long.MAX_VALUE).getString(0);
    }
}
