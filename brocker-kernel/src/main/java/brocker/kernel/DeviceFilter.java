package brocker.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A program that decides which devices the processes of a control group of version 2, and of the groups below it, may open or make. Its
 * type is {@code BPF_PROG_TYPE_CGROUP_DEVICE}, see {@code bpf(2)} and "Device controller" in the kernel's {@code cgroup-v2} documentation.
 */
public final class DeviceFilter implements AutoCloseable {
    // linux/bpf.h
    private static final int BPF_PROG_LOAD = 5;
    private static final int BPF_PROG_ATTACH = 8;
    private static final int BPF_PROG_QUERY = 16;
    private static final int BPF_PROG_TYPE_CGROUP_DEVICE = 15;
    private static final int BPF_CGROUP_DEVICE = 6;
    private static final int BPF_DEVCG_DEV_CHAR = 2;

    // Instructions: operation, and in struct bpf_cgroup_dev_ctx the offsets of access_type, major and minor.
    private static final int LOAD_WORD = 0x61;
    private static final int AND = 0x57;
    private static final int JUMP_UNLESS_EQUAL = 0x55;
    private static final int MOVE = 0xb7;
    private static final int EXIT = 0x95;
    private static final int ACCESS_TYPE = 0;
    private static final int MAJOR = 4;
    private static final int MINOR = 8;

    private static final int INSTRUCTION = 8;
    /** The part of {@code union bpf_attr} that the three commands read and write, in bytes. */
    private static final int ATTRIBUTES = 72;

    private final Fd program;

    private DeviceFilter(Fd program) {
        this.program = program;
    }

    /**
     * Loads a program that allows every access to these devices, and none to others.
     *
     * @throws KernelException when the kernel refuses: EPERM without CAP_BPF, EINVAL or ENOSYS if it was built without such programs
     */
    public static DeviceFilter load(List<Device> allowed) {
        byte[] instructions = instructions(allowed);
        try (Call call = new Call()) {
            MemorySegment code = call.arena().allocateFrom(ValueLayout.JAVA_BYTE, instructions);
            MemorySegment attributes = call.arena().allocate(ATTRIBUTES, Long.BYTES);
            attributes.set(ValueLayout.JAVA_INT, 0, BPF_PROG_TYPE_CGROUP_DEVICE);
            attributes.set(ValueLayout.JAVA_INT, 4, instructions.length / INSTRUCTION);
            attributes.set(ValueLayout.JAVA_LONG, 8, code.address());
            attributes.set(ValueLayout.JAVA_LONG, 16, call.string("").address()); // the license; no function is called
            attributes.set(ValueLayout.JAVA_INT, 68, BPF_CGROUP_DEVICE);
            int fd = call.check(LibC.bpf(call, BPF_PROG_LOAD, attributes), "bpf", "BPF_PROG_LOAD");
            return new DeviceFilter(Fd.adopt(fd));
        }
    }

    /** Attaches it to a group, in place of an earlier filter. It stays attached when this is closed. */
    public void attach(Fd group) {
        try (Call call = new Call()) {
            MemorySegment attributes = call.arena().allocate(ATTRIBUTES, Long.BYTES);
            attributes.set(ValueLayout.JAVA_INT, 0, group.number());
            attributes.set(ValueLayout.JAVA_INT, 4, program.number());
            attributes.set(ValueLayout.JAVA_INT, 8, BPF_CGROUP_DEVICE);
            call.check(LibC.bpf(call, BPF_PROG_ATTACH, attributes), "bpf", "BPF_PROG_ATTACH");
        }
    }

    /** Whether a filter is attached to the group itself. */
    public static boolean isAttached(Fd group) {
        try (Call call = new Call()) {
            MemorySegment attributes = call.arena().allocate(ATTRIBUTES, Long.BYTES);
            attributes.set(ValueLayout.JAVA_INT, 0, group.number());
            attributes.set(ValueLayout.JAVA_INT, 4, BPF_CGROUP_DEVICE);
            call.check(LibC.bpf(call, BPF_PROG_QUERY, attributes), "bpf", "BPF_PROG_QUERY");
            return attributes.get(ValueLayout.JAVA_INT, 24) > 0;
        }
    }

    /** r2 holds the type, r3 and r4 the numbers; r0, the result, is 1 if the access is allowed. */
    private static byte[] instructions(List<Device> allowed) {
        ByteBuffer code =
                ByteBuffer.allocate((8 + 4 * allowed.size()) * INSTRUCTION).order(ByteOrder.nativeOrder());
        add(code, LOAD_WORD, 2, 1, ACCESS_TYPE, 0);
        add(code, AND, 2, 0, 0, 0xffff); // the upper half is the access: open to read, to write, or make
        add(code, LOAD_WORD, 3, 1, MAJOR, 0);
        add(code, LOAD_WORD, 4, 1, MINOR, 0);
        add(code, MOVE, 0, 0, 0, 0);
        add(code, JUMP_UNLESS_EQUAL, 2, 0, 4 * allowed.size(), BPF_DEVCG_DEV_CHAR);
        for (Device device : allowed) {
            add(code, JUMP_UNLESS_EQUAL, 3, 0, 3, device.major());
            if (device.minor().isPresent()) {
                add(code, JUMP_UNLESS_EQUAL, 4, 0, 2, device.minor().getAsInt());
            } else {
                add(code, MOVE, 4, 0, 0, 0);
            }
            add(code, MOVE, 0, 0, 0, 1);
            add(code, EXIT, 0, 0, 0, 0);
        }
        add(code, EXIT, 0, 0, 0, 0);
        return Arrays.copyOf(code.array(), code.position());
    }

    /** One {@code struct bpf_insn} of a little-endian machine. */
    private static void add(ByteBuffer code, int operation, int to, int from, int offset, int constant) {
        code.put((byte) operation)
                .put((byte) (from << 4 | to))
                .putShort((short) offset)
                .putInt(constant);
    }

    @Override
    public void close() {
        program.close();
    }
}
