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

/** Bindings for files that are named by a directory's descriptor and one name below it. */
final class LibCFile {
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_EMPTY_PATH = 0x1000;

    /** STATX_TYPE | STATX_MODE | STATX_UID | STATX_GID | STATX_INO | STATX_SIZE. */
    static final int STATX_WANTED = 0x1 | 0x2 | 0x8 | 0x10 | 0x100 | 0x200;

    static final int S_IFMT = 0170000;
    static final int S_IFREG = 0100000;
    static final int S_IFDIR = 0040000;

    static final byte DT_DIR = 4;

    /** {@code struct statx} of statx(2); what follows the device is not read. */
    static final StructLayout STATX = MemoryLayout.structLayout(
            INT.withName("stx_mask"),
            INT.withName("stx_blksize"),
            LONG.withName("stx_attributes"),
            INT.withName("stx_nlink"),
            INT.withName("stx_uid"),
            INT.withName("stx_gid"),
            ValueLayout.JAVA_SHORT.withName("stx_mode"),
            MemoryLayout.paddingLayout(2),
            LONG.withName("stx_ino"),
            LONG.withName("stx_size"),
            LONG.withName("stx_blocks"),
            LONG.withName("stx_attributes_mask"),
            MemoryLayout.paddingLayout(4 * 16),
            INT.withName("stx_rdev_major"),
            INT.withName("stx_rdev_minor"),
            INT.withName("stx_dev_major"),
            INT.withName("stx_dev_minor"),
            MemoryLayout.paddingLayout(14 * 8));

    /** {@code struct dirent64} of getdents64(2) with the longest name that there can be. */
    static final StructLayout DIRENT = MemoryLayout.structLayout(
            LONG.withName("d_ino"),
            LONG.withName("d_off"),
            ValueLayout.JAVA_SHORT.withName("d_reclen"),
            ValueLayout.JAVA_BYTE.withName("d_type"),
            MemoryLayout.sequenceLayout(256, ValueLayout.JAVA_BYTE).withName("d_name"),
            MemoryLayout.paddingLayout(5));

    private static final FunctionDescriptor I_II = FunctionDescriptor.of(INT, INT, INT);
    private static final FunctionDescriptor I_III = FunctionDescriptor.of(INT, INT, INT, INT);
    private static final FunctionDescriptor I_IPI = FunctionDescriptor.of(INT, INT, POINTER, INT);
    private static final FunctionDescriptor I_IPIPI = FunctionDescriptor.of(INT, INT, POINTER, INT, POINTER, INT);
    private static final FunctionDescriptor I_IPIIP = FunctionDescriptor.of(INT, INT, POINTER, INT, INT, POINTER);
    private static final FunctionDescriptor L_IPL = FunctionDescriptor.of(LONG, INT, POINTER, LONG);

    private static final MethodHandle FCHMOD = handle("fchmod", I_II);
    private static final MethodHandle FCHOWN = handle("fchown", I_III);
    private static final MethodHandle GETDENTS64 = handle("getdents64", L_IPL);
    private static final MethodHandle MKDIRAT = handle("mkdirat", I_IPI);
    private static final MethodHandle RENAMEAT2 = handle("renameat2", I_IPIPI);
    private static final MethodHandle SETPRIORITY = handle("setpriority", I_III);
    private static final MethodHandle STATX_ = handle("statx", I_IPIIP);
    private static final MethodHandle UNLINKAT = handle("unlinkat", I_IPI);

    private LibCFile() {}

    /** fchmod(2). */
    static int fchmod(Call call, int fd, int mode) {
        return Call.invoke(() -> (int) FCHMOD.invokeExact(call.state(), fd, mode));
    }

    /** fchown(2). */
    static int fchown(Call call, int fd, int uid, int gid) {
        return Call.invoke(() -> (int) FCHOWN.invokeExact(call.state(), fd, uid, gid));
    }

    /** getdents64(2). */
    static long getdents64(Call call, int fd, MemorySegment buffer, long size) {
        return Call.invoke(() -> (long) GETDENTS64.invokeExact(call.state(), fd, buffer, size));
    }

    /** mkdirat(2). */
    static int mkdirat(Call call, int directory, MemorySegment name, int mode) {
        return Call.invoke(() -> (int) MKDIRAT.invokeExact(call.state(), directory, name, mode));
    }

    /** renameat2(2). */
    static int renameat2(Call call, int from, MemorySegment name, int to, MemorySegment newName, int flags) {
        return Call.invoke(() -> (int) RENAMEAT2.invokeExact(call.state(), from, name, to, newName, flags));
    }

    /** setpriority(2). */
    static int setpriority(Call call, int which, int who, int priority) {
        return Call.invoke(() -> (int) SETPRIORITY.invokeExact(call.state(), which, who, priority));
    }

    /** statx(2). */
    static int statx(Call call, int directory, MemorySegment name, int flags, int mask, MemorySegment buffer) {
        return Call.invoke(() -> (int) STATX_.invokeExact(call.state(), directory, name, flags, mask, buffer));
    }

    /** unlinkat(2). */
    static int unlinkat(Call call, int directory, MemorySegment name, int flags) {
        return Call.invoke(() -> (int) UNLINKAT.invokeExact(call.state(), directory, name, flags));
    }
}
