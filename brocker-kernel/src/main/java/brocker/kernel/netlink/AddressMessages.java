package brocker.kernel.netlink;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** RTM_NEWADDR, RTM_NEWROUTE and their kin, written and read; rtnetlink(7). */
final class AddressMessages {
    static final int IFADDRMSG = 8;
    static final int RTMSG = 12;

    private static final int CREATE = Rtm.NLM_F_REQUEST | Rtm.NLM_F_ACK | Rtm.NLM_F_CREATE | Rtm.NLM_F_EXCL;
    private static final int DUMP = Rtm.NLM_F_REQUEST | Rtm.NLM_F_DUMP;

    private AddressMessages() {}

    static MessageWriter addAddress(ByteBuffer buffer, int sequence, int link, Inet4Address address, int prefix) {
        if (prefix < 0 || prefix > 32) {
            throw new IllegalArgumentException("prefix " + prefix + " is not in 0..32");
        }
        MessageWriter message = new MessageWriter(buffer, Rtm.RTM_NEWADDR, CREATE, sequence)
                .ifaddrmsg(Rtm.AF_INET, prefix, link)
                .attribute(Rtm.IFA_LOCAL, address.getAddress())
                .attribute(Rtm.IFA_ADDRESS, address.getAddress());
        return prefix > 30 ? message : message.attribute(Rtm.IFA_BROADCAST, broadcast(address, prefix));
    }

    static MessageWriter addDefaultRoute(ByteBuffer buffer, int sequence, Inet4Address gateway) {
        return new MessageWriter(buffer, Rtm.RTM_NEWROUTE, CREATE, sequence)
                .rtmsg(Rtm.AF_INET, 0)
                .attribute(Rtm.RTA_GATEWAY, gateway.getAddress());
    }

    static MessageWriter listAddresses(ByteBuffer buffer, int sequence) {
        return new MessageWriter(buffer, Rtm.RTM_GETADDR, DUMP, sequence).ifaddrmsg(Rtm.AF_UNSPEC, 0, 0);
    }

    static MessageWriter listRoutes(ByteBuffer buffer, int sequence) {
        return new MessageWriter(buffer, Rtm.RTM_GETROUTE, DUMP, sequence).rtmsg(Rtm.AF_INET, 0);
    }

    static LinkAddress readAddress(Message message) {
        Attributes attributes = message.attributes(IFADDRMSG);
        // On a point-to-point link IFA_ADDRESS is the peer's; IFA_LOCAL is absent with IPv6 otherwise.
        int own = attributes.has(Rtm.IFA_LOCAL) ? Rtm.IFA_LOCAL : Rtm.IFA_ADDRESS;
        return new LinkAddress(
                message.body().getInt(4),
                address(attributes.bytes(own)),
                message.body().get(1) & 0xff);
    }

    /** The kernel lists every table; callers want the main one. */
    static boolean isInMainTable(Message message) {
        return (message.body().get(4) & 0xff) == Rtm.RT_TABLE_MAIN;
    }

    static Route readRoute(Message message) {
        Attributes attributes = message.attributes(RTMSG);
        byte[] destination = attributes.has(Rtm.RTA_DST) ? attributes.bytes(Rtm.RTA_DST) : new byte[4];
        return new Route(
                (Inet4Address) address(destination), message.body().get(1) & 0xff, attributes.number(Rtm.RTA_OIF));
    }

    private static byte[] broadcast(Inet4Address address, int prefix) {
        int bits = ByteBuffer.wrap(address.getAddress()).getInt() | (int) (0xffff_ffffL >>> prefix);
        return ByteBuffer.allocate(4).putInt(bits).array();
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of " + bytes.length + " bytes", e);
        }
    }
}
