package brocker.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A netlink message as it was received; see netlink(7).
 *
 * @param body everything after the header, in the machine's byte order; a view of the receive buffer
 */
record Message(int type, int flags, int sequence, ByteBuffer body) {
    /** The messages between position and limit. One that is cut short is an {@link IllegalArgumentException}. */
    static List<Message> read(ByteBuffer datagram) {
        ByteBuffer buffer = datagram.slice().order(ByteOrder.nativeOrder());
        List<Message> messages = new ArrayList<>();
        int at = 0;
        while (at < buffer.limit()) {
            int left = buffer.limit() - at;
            int length = left < MessageWriter.HEADER ? 0 : buffer.getInt(at);
            if (length < MessageWriter.HEADER || length > left) {
                throw new IllegalArgumentException("a netlink message of " + length + " bytes in " + left);
            }
            ByteBuffer body = buffer.slice(at + MessageWriter.HEADER, length - MessageWriter.HEADER);
            messages.add(new Message(
                    buffer.getShort(at + 4) & 0xffff,
                    buffer.getShort(at + 6) & 0xffff,
                    buffer.getInt(at + 8),
                    body.order(ByteOrder.nativeOrder())));
            at += (length + 3) & ~3;
        }
        return messages;
    }

    /** The attributes behind a fixed part of so many bytes. */
    Attributes attributes(int fixed) {
        return Attributes.read(body.slice(fixed, body.limit() - fixed));
    }

    /** Of NLMSG_ERROR and NLMSG_DONE: the errno, 0 for none. */
    int error() {
        return -body.getInt(0);
    }

    /** Of NLMSG_ERROR: the kernel's own words, empty where it gave none. */
    String explanation() {
        if ((flags & Rtm.NLM_F_ACK_TLVS) == 0) {
            return "";
        }
        int request = (flags & Rtm.NLM_F_CAPPED) != 0 ? MessageWriter.HEADER : (body.getInt(4) + 3) & ~3;
        return attributes(4 + request).string(Rtm.NLMSGERR_ATTR_MSG);
    }
}
