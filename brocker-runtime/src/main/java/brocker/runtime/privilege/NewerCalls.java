package brocker.runtime.privilege;

import brocker.kernel.SeccompFilter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a filter says of system calls that are newer than its profile. A C library that tries one first takes "operation not permitted" as
 * the answer, and "function not implemented" as the advice to use an older one.
 */
final class NewerCalls {
    private static final int ENOSYS = 38;
    /** From here on numbers of x86-64 are those of x32. */
    private static final int X32 = 0x40000000;

    // struct seccomp_data: int nr, u32 arch, ...
    private static final int NR = 0;
    private static final int ARCH = 4;

    // linux/filter.h
    private static final int BPF_LD_W_ABS = 0x20;
    private static final int BPF_JEQ_K = 0x15;
    private static final int BPF_JGT_K = 0x25;
    private static final int BPF_JGE_K = 0x35;
    private static final int BPF_RET_K = 0x06;

    private NewerCalls() {}

    /**
     * The program, preceded by instructions that refuse what is beyond the highest number that its profile names.
     *
     * @param architecture the one that {@code highest} is a number of; other architectures' calls go to the program
     */
    static byte[] refused(byte[] program, int architecture, int highest) {
        int instructions = 6;
        ByteBuffer whole = ByteBuffer.allocate(instructions * SeccompFilter.INSTRUCTION + program.length)
                .order(ByteOrder.nativeOrder());
        put(whole, BPF_LD_W_ABS, 0, 0, ARCH);
        put(whole, BPF_JEQ_K, 0, 4, architecture);
        put(whole, BPF_LD_W_ABS, 0, 0, NR);
        put(whole, BPF_JGT_K, 0, 2, highest);
        put(whole, BPF_JGE_K, 1, 0, X32);
        put(whole, BPF_RET_K, 0, 0, SeccompFilter.SECCOMP_RET_ERRNO | ENOSYS);
        return whole.put(program).array();
    }

    /** {@code struct sock_filter}: u16 code, u8 jt, u8 jf, u32 k. */
    private static void put(ByteBuffer program, int code, int ifTrue, int ifFalse, int operand) {
        program.putShort((short) code).put((byte) ifTrue).put((byte) ifFalse).putInt(operand);
    }
}
