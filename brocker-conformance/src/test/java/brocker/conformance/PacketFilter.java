package brocker.conformance;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** What {@code nft(8)} would say and do, by libnftables(3): the program itself need not be installed. */
@SuppressWarnings("restricted") // libnftables is called as C calls it
final class PacketFilter {
    private static final SymbolLookup LIBRARY = SymbolLookup.libraryLookup("libnftables.so.1", Arena.global());
    private static final MethodHandle NEW =
            handle("nft_ctx_new", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle FREE = handle("nft_ctx_free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
    private static final FunctionDescriptor I_P = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
    private static final MethodHandle BUFFER_OUTPUT = handle("nft_ctx_buffer_output", I_P);
    private static final MethodHandle GET_OUTPUT_BUFFER =
            handle("nft_ctx_get_output_buffer", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    private static final MethodHandle RUN_CMD_FROM_BUFFER = handle(
            "nft_run_cmd_from_buffer",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));

    private static final Pattern FILLED =
            Pattern.compile("(\\n\\s+flags dynamic[^\\n]*(?:\\n\\s+timeout [^\\n]*)?)\\n\\s+elements = \\{[^}]*}");

    private PacketFilter() {}

    /** Runs commands as one transaction, and gives what they print. */
    static synchronized String run(String commands) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment context = (MemorySegment) NEW.invokeExact(0);
            int buffered = (int) BUFFER_OUTPUT.invokeExact(context);
            int result = (int) RUN_CMD_FROM_BUFFER.invokeExact(context, arena.allocateFrom(commands));
            String printed = ((MemorySegment) GET_OUTPUT_BUFFER.invokeExact(context))
                    .reinterpret(Long.MAX_VALUE)
                    .getString(0);
            FREE.invokeExact(context);
            if (buffered != 0 || result != 0) {
                throw new AssertionError("the packet filter refuses: " + commands);
            }
            return printed;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** The whole ruleset, without what the kernel itself has put into the sets that it fills. */
    static String rules() {
        return FILLED.matcher(run("list ruleset")).replaceAll("$1");
    }

    /** What comes of an attempt while a table, such as {@code inet brocker}, is not there. */
    static boolean without(String table, BooleanSupplier attempt) {
        String rules = FILLED.matcher(run("list table " + table)).replaceAll("$1");
        run("delete table " + table);
        try {
            return attempt.getAsBoolean();
        } finally {
            run(rules);
        }
    }

    private static MethodHandle handle(String function, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(LIBRARY.findOrThrow(function), descriptor);
    }
}
