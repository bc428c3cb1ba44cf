package brocker.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The attributes of a message or of a nested attribute, by type. One that is absent reads as empty or 0. */
record Attributes(Map<Integer, ByteBuffer> values) {
    static Attributes read(ByteBuffer bytes) {
        ByteBuffer buffer = bytes.slice().order(ByteOrder.nativeOrder());
        Map<Integer, ByteBuffer> values = new HashMap<>();
        int at = 0;
        while (at + 4 <= buffer.limit()) {
            int length = buffer.getShort(at) & 0xffff;
            if (length < 4 || at + length > buffer.limit()) {
                throw new IllegalArgumentException("a netlink attribute of " + length + " bytes at " + at);
            }
            ByteBuffer value = buffer.slice(at + 4, length - 4).order(ByteOrder.nativeOrder());
            values.put(buffer.getShort(at + 2) & 0xffff & Rtm.NLA_TYPE_MASK, value);
            at += (length + 3) & ~3;
        }
        return new Attributes(values);
    }

    boolean has(int attribute) {
        return values.containsKey(attribute);
    }

    byte[] bytes(int attribute) {
        ByteBuffer value = values.get(attribute);
        if (value == null) {
            return new byte[0];
        }
        byte[] bytes = new byte[value.limit()];
        value.get(0, bytes);
        return bytes;
    }

    int number(int attribute) {
        ByteBuffer value = values.get(attribute);
        return value == null ? 0 : value.getInt(0);
    }

    /** Up to the NUL, where there is one. */
    String string(int attribute) {
        String text = new String(bytes(attribute), StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    Attributes nested(int attribute) {
        return read(ByteBuffer.wrap(bytes(attribute)));
    }
}
