package brocker.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** RTM_NEWLINK and its kin, written and read; {@code struct ifinfomsg} and {@code IFLA_} attributes, rtnetlink(7). */
final class LinkMessages {
    static final int IFINFOMSG = 16;

    private static final int CHANGE = Rtm.NLM_F_REQUEST | Rtm.NLM_F_ACK;
    private static final int CREATE = CHANGE | Rtm.NLM_F_CREATE | Rtm.NLM_F_EXCL;

    private LinkMessages() {}

    static MessageWriter addBridge(ByteBuffer buffer, int sequence, String name, MacAddress address) {
        MessageWriter message = new MessageWriter(buffer, Rtm.RTM_NEWLINK, CREATE, sequence);
        return message.ifinfomsg(0, 0, 0)
                .attribute(Rtm.IFLA_IFNAME, name)
                .attribute(Rtm.IFLA_ADDRESS, address.bytes())
                .nest(Rtm.IFLA_LINKINFO, () -> message.attribute(Rtm.IFLA_INFO_KIND, "bridge"));
    }

    /** {@code namespace} is a descriptor of this process. */
    static MessageWriter addVeth(
            ByteBuffer buffer, int sequence, String name, MacAddress address, String peer, int namespace) {
        MessageWriter message = new MessageWriter(buffer, Rtm.RTM_NEWLINK, CREATE, sequence);
        Runnable peerLink = () ->
                message.ifinfomsg(0, 0, 0).attribute(Rtm.IFLA_IFNAME, peer).attribute(Rtm.IFLA_NET_NS_FD, namespace);
        return message.ifinfomsg(0, 0, 0)
                .attribute(Rtm.IFLA_IFNAME, name)
                .attribute(Rtm.IFLA_ADDRESS, address.bytes())
                .nest(
                        Rtm.IFLA_LINKINFO,
                        () -> message.attribute(Rtm.IFLA_INFO_KIND, "veth")
                                .nest(Rtm.IFLA_INFO_DATA, () -> message.nest(Rtm.VETH_INFO_PEER, peerLink)));
    }

    /** IFLA_INET6_ADDR_GEN_MODE none; must reach the kernel before the link goes up, so in a message of its own. */
    static MessageWriter generateNoAddress(ByteBuffer buffer, int sequence, String name) {
        MessageWriter message = new MessageWriter(buffer, Rtm.RTM_SETLINK, CHANGE, sequence);
        Runnable mode = () -> message.attributeByte(Rtm.IFLA_INET6_ADDR_GEN_MODE, Rtm.IN6_ADDR_GEN_MODE_NONE);
        return message.ifinfomsg(0, 0, 0)
                .attribute(Rtm.IFLA_IFNAME, name)
                .nest(Rtm.IFLA_AF_SPEC, () -> message.nest(Rtm.AF_INET6, mode));
    }

    static MessageWriter setUp(ByteBuffer buffer, int sequence, String name) {
        return new MessageWriter(buffer, Rtm.RTM_SETLINK, CHANGE, sequence)
                .ifinfomsg(0, Rtm.IFF_UP, Rtm.IFF_UP)
                .attribute(Rtm.IFLA_IFNAME, name);
    }

    static MessageWriter attach(ByteBuffer buffer, int sequence, String name, int bridge) {
        return setUp(buffer, sequence, name).attribute(Rtm.IFLA_MASTER, bridge);
    }

    static MessageWriter delete(ByteBuffer buffer, int sequence, String name) {
        return new MessageWriter(buffer, Rtm.RTM_DELLINK, CHANGE, sequence)
                .ifinfomsg(0, 0, 0)
                .attribute(Rtm.IFLA_IFNAME, name);
    }

    static MessageWriter get(ByteBuffer buffer, int sequence, String name) {
        return new MessageWriter(buffer, Rtm.RTM_GETLINK, Rtm.NLM_F_REQUEST, sequence)
                .ifinfomsg(0, 0, 0)
                .attribute(Rtm.IFLA_IFNAME, name)
                .attribute(Rtm.IFLA_EXT_MASK, Rtm.RTEXT_FILTER_SKIP_STATS);
    }

    static MessageWriter list(ByteBuffer buffer, int sequence) {
        return new MessageWriter(buffer, Rtm.RTM_GETLINK, Rtm.NLM_F_REQUEST | Rtm.NLM_F_DUMP, sequence)
                .ifinfomsg(0, 0, 0)
                .attribute(Rtm.IFLA_EXT_MASK, Rtm.RTEXT_FILTER_SKIP_STATS);
    }

    /** As {@code list}, with statistics, which cost the kernel a sum over all processors for each link. */
    static MessageWriter listTraffic(ByteBuffer buffer, int sequence) {
        return new MessageWriter(buffer, Rtm.RTM_GETLINK, Rtm.NLM_F_REQUEST | Rtm.NLM_F_DUMP, sequence)
                .ifinfomsg(0, 0, 0);
    }

    /** {@code struct rtnl_link_stats64}: packets received and sent, then bytes received and sent. */
    static LinkTraffic readTraffic(Message message) {
        Attributes attributes = message.attributes(IFINFOMSG);
        ByteBuffer stats = ByteBuffer.wrap(attributes.bytes(Rtm.IFLA_STATS64)).order(ByteOrder.nativeOrder());
        return new LinkTraffic(attributes.string(Rtm.IFLA_IFNAME), stats.getLong(16), stats.getLong(24));
    }

    static Link read(Message message) {
        Attributes attributes = message.attributes(IFINFOMSG);
        byte[] address = attributes.bytes(Rtm.IFLA_ADDRESS);
        return new Link(
                message.body().getInt(4),
                attributes.string(Rtm.IFLA_IFNAME),
                attributes.nested(Rtm.IFLA_LINKINFO).string(Rtm.IFLA_INFO_KIND),
                attributes.number(Rtm.IFLA_MASTER),
                (message.body().getInt(8) & Rtm.IFF_UP) != 0,
                // A tunnel's address is an IP address; only Ethernet's six bytes are one of ours.
                address.length == 6 ? MacAddress.of(address) : new MacAddress(0));
    }
}
