package brocker.runtime.privilege;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Executes a filter as the kernel does, one system call at a time; linux/filter.h. */
final class BpfMachine {
    private static final int LD_W_ABS = 0x20;
    private static final int JA = 0x05;
    private static final int JEQ_K = 0x15;
    private static final int JGT_K = 0x25;
    private static final int JGE_K = 0x35;
    private static final int JSET_K = 0x45;
    private static final int ALU_AND_K = 0x54;
    private static final int RET_K = 0x06;

    private final byte[] program;

    BpfMachine(byte[] program) {
        this.program = program.clone();
    }

    /** What the filter returns for a system call. */
    int run(int architecture, int number, long... arguments) {
        ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
        data.putInt(number).putInt(architecture).putLong(0);
        for (long argument : arguments) {
            data.putLong(argument);
        }
        ByteBuffer code = ByteBuffer.wrap(program).order(ByteOrder.nativeOrder());
        int accumulator = 0;
        while (true) {
            int instruction = Short.toUnsignedInt(code.getShort());
            int ifTrue = Byte.toUnsignedInt(code.get());
            int ifFalse = Byte.toUnsignedInt(code.get());
            int operand = code.getInt();
            boolean taken;
            switch (instruction) {
                case RET_K -> {
                    return operand;
                }
                case LD_W_ABS -> {
                    accumulator = data.getInt(operand);
                    continue;
                }
                case ALU_AND_K -> {
                    accumulator &= operand;
                    continue;
                }
                case JA -> {
                    code.position(code.position() + 8 * operand);
                    continue;
                }
                case JEQ_K -> taken = accumulator == operand;
                case JGT_K -> taken = Integer.compareUnsigned(accumulator, operand) > 0;
                case JGE_K -> taken = Integer.compareUnsigned(accumulator, operand) >= 0;
                case JSET_K -> taken = (accumulator & operand) != 0;
                default -> throw new AssertionError("instruction " + Integer.toHexString(instruction));
            }
            code.position(code.position() + 8 * (taken ? ifTrue : ifFalse));
        }
    }
}
