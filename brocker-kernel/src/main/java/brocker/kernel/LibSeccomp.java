package brocker.kernel;

import static brocker.kernel.Call.INT;
import static brocker.kernel.Call.LONG;
import static brocker.kernel.Call.POINTER;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Bindings for libseccomp 2.4 and newer. A failure is returned as the negative errno; nothing is loaded before the first use. */
final class LibSeccomp {
    static final String SONAME = "libseccomp.so.2";

    /** {@code struct scmp_arg_cmp}. */
    static final StructLayout SCMP_ARG_CMP = MemoryLayout.structLayout(
            INT.withName("arg"), INT.withName("op"), LONG.withName("datum_a"), LONG.withName("datum_b"));

    private static final Optional<SymbolLookup> LIBRARY = Call.library(SONAME);

    private LibSeccomp() {}

    static boolean isPresent() {
        return LIBRARY.isPresent();
    }

    /** Initialised only where the library is there. */
    private static final class Functions {
        private static final SymbolLookup LIBRARY =
                LibSeccomp.LIBRARY.orElseThrow(() -> new MissingLibraryException(SONAME));
        private static final FunctionDescriptor I_P = FunctionDescriptor.of(INT, POINTER);
        private static final FunctionDescriptor I_PI = FunctionDescriptor.of(INT, POINTER, INT);
        private static final FunctionDescriptor I_PII = FunctionDescriptor.of(INT, POINTER, INT, INT);
        private static final FunctionDescriptor I_PIIIP = FunctionDescriptor.of(INT, POINTER, INT, INT, INT, POINTER);

        static final MethodHandle VERSION = handle("seccomp_version", FunctionDescriptor.of(POINTER));
        static final MethodHandle INIT = handle("seccomp_init", FunctionDescriptor.of(POINTER, INT));
        static final MethodHandle RELEASE = handle("seccomp_release", FunctionDescriptor.ofVoid(POINTER));
        static final MethodHandle ARCH_EXIST = handle("seccomp_arch_exist", I_PI);
        static final MethodHandle ARCH_ADD = handle("seccomp_arch_add", I_PI);
        static final MethodHandle ATTR_SET = handle("seccomp_attr_set", I_PII);
        static final MethodHandle RESOLVE = handle("seccomp_syscall_resolve_name", I_P);
        static final MethodHandle RULE_ADD_ARRAY = handle("seccomp_rule_add_array", I_PIIIP);
        static final MethodHandle EXPORT_BPF = handle("seccomp_export_bpf", I_PI);

        private static MethodHandle handle(String function, FunctionDescriptor descriptor) {
            return Call.handle(LIBRARY, function, descriptor);
        }
    }

    /** seccomp_version(3): {@code struct scmp_version}, which is the library's. */
    @SuppressWarnings("restricted") // the size of what the library points at is known
    static MemorySegment seccomp_version() {
        return Call.<MemorySegment>invoke(() -> (MemorySegment) Functions.VERSION.invokeExact())
                .reinterpret(3 * ValueLayout.JAVA_INT.byteSize());
    }

    /** seccomp_init(3); null where it fails. */
    static MemorySegment seccomp_init(int defaultAction) {
        return Call.<MemorySegment>invoke(() -> (MemorySegment) Functions.INIT.invokeExact(defaultAction));
    }

    /** seccomp_release(3). */
    static void seccomp_release(MemorySegment context) {
        Call.<Boolean>invoke(() -> {
            Functions.RELEASE.invokeExact(context);
            return true;
        });
    }

    /** seccomp_arch_exist(3). */
    static int seccomp_arch_exist(MemorySegment context, int architecture) {
        return Call.invoke(() -> (int) Functions.ARCH_EXIST.invokeExact(context, architecture));
    }

    /** seccomp_arch_add(3). */
    static int seccomp_arch_add(MemorySegment context, int architecture) {
        return Call.invoke(() -> (int) Functions.ARCH_ADD.invokeExact(context, architecture));
    }

    /** seccomp_attr_set(3). */
    static int seccomp_attr_set(MemorySegment context, int attribute, int value) {
        return Call.invoke(() -> (int) Functions.ATTR_SET.invokeExact(context, attribute, value));
    }

    /** seccomp_syscall_resolve_name(3). */
    static int seccomp_syscall_resolve_name(MemorySegment name) {
        return Call.invoke(() -> (int) Functions.RESOLVE.invokeExact(name));
    }

    /** seccomp_rule_add_array(3). */
    static int seccomp_rule_add_array(
            MemorySegment context, int action, int syscall, int count, MemorySegment comparisons) {
        return Call.invoke(
                () -> (int) Functions.RULE_ADD_ARRAY.invokeExact(context, action, syscall, count, comparisons));
    }

    /** seccomp_export_bpf(3). */
    static int seccomp_export_bpf(MemorySegment context, int fd) {
        return Call.invoke(() -> (int) Functions.EXPORT_BPF.invokeExact(context, fd));
    }
}
