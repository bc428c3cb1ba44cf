package brocker.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes one netlink message into a buffer, from its start: header, the type's fixed part, attributes, nested ones. Everything is
 * aligned to four bytes and in the machine's byte order; see netlink(7).
 */
final class MessageWriter {
    static final int HEADER = 16;

    private final ByteBuffer buffer;
    private final int type;

    MessageWriter(ByteBuffer buffer, int type, int flags, int sequence) {
        this.buffer = buffer.clear().order(ByteOrder.nativeOrder());
        this.type = type;
        // struct nlmsghdr: length (written by finish), type, flags, sequence, port
        buffer.putInt(0)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(sequence)
                .putInt(0);
    }

    int type() {
        return type;
    }

    /** {@code struct ifinfomsg}: family, type, index, flags, and which flags to change. */
    MessageWriter ifinfomsg(int index, int flags, int change) {
        buffer.put((byte) Rtm.AF_UNSPEC).put((byte) 0).putShort((short) 0);
        buffer.putInt(index).putInt(flags).putInt(change);
        return this;
    }

    /** {@code struct ifaddrmsg}: family, prefix, flags, scope, index. */
    MessageWriter ifaddrmsg(int family, int prefix, int index) {
        buffer.put((byte) family).put((byte) prefix).put((byte) 0).put((byte) Rtm.RT_SCOPE_UNIVERSE);
        buffer.putInt(index);
        return this;
    }

    /** {@code struct rtmsg}: a unicast route of the main table. */
    MessageWriter rtmsg(int family, int prefix) {
        buffer.put((byte) family).put((byte) prefix).put((byte) 0).put((byte) 0);
        buffer.put((byte) Rtm.RT_TABLE_MAIN).put((byte) Rtm.RTPROT_STATIC);
        buffer.put((byte) Rtm.RT_SCOPE_UNIVERSE).put((byte) Rtm.RTN_UNICAST);
        buffer.putInt(0);
        return this;
    }

    MessageWriter attribute(int attribute, byte[] value) {
        buffer.putShort((short) (4 + value.length)).putShort((short) attribute).put(value);
        return align();
    }

    MessageWriter attribute(int attribute, int value) {
        buffer.putShort((short) 8).putShort((short) attribute).putInt(value);
        return this;
    }

    /** One byte. */
    MessageWriter attributeByte(int attribute, int value) {
        return attribute(attribute, new byte[] {(byte) value});
    }

    /** With the NUL that the kernel expects. */
    MessageWriter attribute(int attribute, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        buffer.putShort((short) (4 + bytes.length + 1)).putShort((short) attribute);
        buffer.put(bytes).put((byte) 0);
        return align();
    }

    /** An attribute that holds what {@code content} writes. */
    MessageWriter nest(int attribute, Runnable content) {
        int start = buffer.position();
        buffer.putShort((short) 0).putShort((short) attribute);
        content.run();
        buffer.putShort(start, (short) (buffer.position() - start));
        return this;
    }

    /** The buffer, its message between position 0 and limit. */
    ByteBuffer finish() {
        return buffer.putInt(0, buffer.position()).flip();
    }

    private MessageWriter align() {
        while (buffer.position() % 4 != 0) {
            buffer.put((byte) 0);
        }
        return this;
    }
}
