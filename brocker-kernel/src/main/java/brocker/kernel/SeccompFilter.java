package brocker.kernel;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * A system call filter in the making, by libseccomp under its C names; a failure is a {@link KernelException}. It knows the native
 * architecture from the start. Confined to one thread at a time; the library itself keeps state of its own, so that only one filter
 * should be in the making at a time.
 */
public final class SeccompFilter implements AutoCloseable {
    /** The size of {@code struct sock_filter}, in bytes. */
    public static final int INSTRUCTION = 8;

    // What the kernel does with a system call, seccomp(2) and linux/seccomp.h
    public static final int SECCOMP_RET_KILL_PROCESS = 0x80000000;
    public static final int SECCOMP_RET_KILL_THREAD = 0;
    public static final int SECCOMP_RET_TRAP = 0x00030000;
    /** Plus the errno, in the lower 16 bits. */
    public static final int SECCOMP_RET_ERRNO = 0x00050000;

    public static final int SECCOMP_RET_LOG = 0x7ffc0000;
    public static final int SECCOMP_RET_ALLOW = 0x7fff0000;

    // linux/audit.h
    public static final int AUDIT_ARCH_I386 = 0x40000003;
    public static final int AUDIT_ARCH_X86_64 = 0xc000003e;
    public static final int AUDIT_ARCH_ARM = 0x40000028;
    public static final int AUDIT_ARCH_AARCH64 = 0xc00000b7;
    /** libseccomp's own: to the kernel it is x86-64 with other numbers. */
    public static final int SCMP_ARCH_X32 = 0x4000003e;

    // seccomp_attr_set(3)
    public static final int SCMP_FLTATR_ACT_BADARCH = 2;
    /** libseccomp 2.5. */
    public static final int SCMP_FLTATR_CTL_OPTIMIZE = 8;

    // seccomp_rule_add(3)
    public static final int SCMP_CMP_NE = 1;
    public static final int SCMP_CMP_LT = 2;
    public static final int SCMP_CMP_LE = 3;
    public static final int SCMP_CMP_EQ = 4;
    public static final int SCMP_CMP_GE = 5;
    public static final int SCMP_CMP_GT = 6;
    public static final int SCMP_CMP_MASKED_EQ = 7;

    /** {@link #seccomp_syscall_resolve_name} of a name that is no system call of any architecture. */
    public static final int NR_SCMP_ERROR = -1;

    private final MemorySegment context;

    /**
     * What an argument of a system call is compared with, as 64 bits without sign.
     *
     * @param argument its index, 0 to 5
     * @param operator one of {@code SCMP_CMP_}
     * @param first the value, or the mask of SCMP_CMP_MASKED_EQ
     * @param second the value of SCMP_CMP_MASKED_EQ
     */
    public record Comparison(int argument, int operator, long first, long second) {}

    private SeccompFilter(MemorySegment context) {
        this.context = context;
    }

    /**
     * seccomp_init(3): a filter without rules.
     *
     * @throws MissingLibraryException where the host has no libseccomp
     */
    public static SeccompFilter seccomp_init(int defaultAction) {
        requireLibrary();
        MemorySegment context = LibSeccomp.seccomp_init(defaultAction);
        if (context.equals(MemorySegment.NULL)) {
            throw new KernelException("seccomp_init(" + Integer.toHexString(defaultAction) + ")", Errno.EINVAL);
        }
        return new SeccompFilter(context);
    }

    /**
     * seccomp_version(3), for example {@code 2.5.4}.
     *
     * @throws MissingLibraryException where the host has no libseccomp
     */
    public static String seccomp_version() {
        requireLibrary();
        MemorySegment version = LibSeccomp.seccomp_version();
        return version.getAtIndex(ValueLayout.JAVA_INT, 0) + "." + version.getAtIndex(ValueLayout.JAVA_INT, 1) + "."
                + version.getAtIndex(ValueLayout.JAVA_INT, 2);
    }

    /**
     * seccomp_syscall_resolve_name(3): the number on the native architecture, another negative number than {@link #NR_SCMP_ERROR} for a
     * name that only other architectures have.
     *
     * @throws MissingLibraryException where the host has no libseccomp
     */
    public static int seccomp_syscall_resolve_name(String name) {
        requireLibrary();
        try (Call call = new Call()) {
            return LibSeccomp.seccomp_syscall_resolve_name(call.string(name));
        }
    }

    /** seccomp_arch_exist(3). */
    public boolean seccomp_arch_exist(int architecture) {
        return LibSeccomp.seccomp_arch_exist(context, architecture) == 0;
    }

    /** seccomp_arch_add(3): the rules that follow hold for it as well. */
    public void seccomp_arch_add(int architecture) {
        check(
                LibSeccomp.seccomp_arch_add(context, architecture),
                "seccomp_arch_add",
                Integer.toHexString(architecture));
    }

    /** seccomp_attr_set(3); EINVAL for an attribute that this libseccomp does not know. */
    public void seccomp_attr_set(int attribute, int value) {
        check(LibSeccomp.seccomp_attr_set(context, attribute, value), "seccomp_attr_set", attribute);
    }

    /**
     * seccomp_rule_add_array(3): what is done with a system call whose arguments compare as said, all of them. EACCES where that is the
     * default action; EINVAL where one argument is compared twice.
     */
    public void seccomp_rule_add_array(int action, int syscall, List<Comparison> comparisons) {
        try (Call call = new Call()) {
            MemorySegment array = call.arena().allocate(LibSeccomp.SCMP_ARG_CMP, Math.max(1, comparisons.size()));
            long offset = 0;
            for (Comparison comparison : comparisons) {
                // struct scmp_arg_cmp: unsigned arg, enum op, two 64 bit datums
                array.set(ValueLayout.JAVA_INT, offset, comparison.argument());
                array.set(ValueLayout.JAVA_INT, offset + 4, comparison.operator());
                array.set(ValueLayout.JAVA_LONG, offset + 8, comparison.first());
                array.set(ValueLayout.JAVA_LONG, offset + 16, comparison.second());
                offset += LibSeccomp.SCMP_ARG_CMP.byteSize();
            }
            int result = LibSeccomp.seccomp_rule_add_array(context, action, syscall, comparisons.size(), array);
            check(result, "seccomp_rule_add_array", syscall);
        }
    }

    /** seccomp_export_bpf(3): an array of {@code struct sock_filter} as the kernel takes it. */
    public byte[] seccomp_export_bpf() {
        try (Fd memory = Linux.memfd_create("seccomp-filter", 0);
                Call call = new Call()) {
            check(LibSeccomp.seccomp_export_bpf(context, memory.number()), "seccomp_export_bpf", memory);
            call.check(LibC.lseek(call, memory.number(), 0, LibC.SEEK_SET), "lseek", memory);
            ByteArrayOutputStream program = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 15];
            for (int count; (count = Linux.read(memory, buffer, 0, buffer.length)) > 0; ) {
                program.write(buffer, 0, count);
            }
            return program.toByteArray();
        }
    }

    /** seccomp_release(3). */
    @Override
    public void close() {
        LibSeccomp.seccomp_release(context);
    }

    private static void requireLibrary() {
        if (!LibSeccomp.isPresent()) {
            throw new MissingLibraryException(LibSeccomp.SONAME);
        }
    }

    private static void check(int result, String function, Object object) {
        if (result < 0) {
            throw new KernelException(Call.text(function, object), Errno.of(-result));
        }
    }
}
