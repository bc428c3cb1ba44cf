package brocker.kernel.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The codecs alone; the byte images are what a little-endian kernel is sent. */
@EnabledIf("littleEndian")
final class MessageTest {
    private final ByteBuffer buffer = ByteBuffer.allocate(1024);

    static boolean littleEndian() {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    }

    private static Inet4Address ip(String text) throws Exception {
        return Inet4Address.ofLiteral(text);
    }

    private static String hex(MessageWriter message) {
        ByteBuffer finished = message.finish();
        byte[] bytes = new byte[finished.remaining()];
        finished.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void vethWithItsPeerIsOneNestedMessage() {
        MessageWriter message = LinkMessages.addVeth(buffer, 7, "veth1", new MacAddress(0x02420a000102L), "veth7", 65);
        assertThat(hex(message))
                .isEqualTo("74000000" + "1000" + "0506" + "07000000" + "00000000" // nlmsghdr
                        + "00".repeat(16) // ifinfomsg
                        + "0a000300" + "766574683100" + "0000" // IFLA_IFNAME veth1
                        + "0a000100" + "02420a000102" + "0000" // IFLA_ADDRESS
                        + "3c001200" // IFLA_LINKINFO
                        + "09000100" + "7665746800" + "000000" // IFLA_INFO_KIND veth
                        + "2c000200" + "28000100" // IFLA_INFO_DATA, VETH_INFO_PEER
                        + "00".repeat(16) // ifinfomsg
                        + "0a000300" + "766574683700" + "0000" // IFLA_IFNAME veth7
                        + "08001c00" + "41000000"); // IFLA_NET_NS_FD
    }

    @Test
    void addressCarriesTheBroadcastAddressOfItsPrefix() throws Exception {
        assertThat(hex(AddressMessages.addAddress(buffer, 1, 5, ip("10.0.1.2"), 24)))
                .isEqualTo("30000000" + "1400" + "0506" + "01000000" + "00000000"
                        + "02180000" + "05000000" // ifaddrmsg
                        + "08000200" + "0a000102" // IFA_LOCAL
                        + "08000100" + "0a000102" // IFA_ADDRESS
                        + "08000400" + "0a0001ff"); // IFA_BROADCAST
        assertThat(hex(AddressMessages.addAddress(buffer, 1, 5, ip("10.0.1.2"), 32)))
                .doesNotContain("08000400");
        assertThatThrownBy(() -> AddressMessages.addAddress(buffer, 1, 5, ip("10.0.1.2"), 33))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writtenLinkReadsBack() {
        MacAddress mac = new MacAddress(0x02420a000101L);
        ByteBuffer bytes = LinkMessages.addBridge(buffer, 3, "brocker0", mac).finish();
        Message message = Message.read(bytes).getFirst();
        assertThat(message.sequence()).isEqualTo(3);
        assertThat(message.type()).isEqualTo(Rtm.RTM_NEWLINK);
        assertThat(LinkMessages.read(message)).isEqualTo(new Link(0, "brocker0", "bridge", 0, false, mac));
        assertThat(LinkMessages.read(
                        Message.read(LinkMessages.attach(buffer, 4, "veth7", 9).finish())
                                .getFirst()))
                .isEqualTo(new Link(0, "veth7", "", 9, true, new MacAddress(0)));
    }

    @Test
    void writtenDefaultRouteReadsBack() throws Exception {
        Message message = Message.read(AddressMessages.addDefaultRoute(buffer, 3, ip("10.0.1.1"))
                        .finish())
                .getFirst();
        assertThat(AddressMessages.isInMainTable(message)).isTrue();
        assertThat(AddressMessages.readRoute(message)).isEqualTo(new Route(ip("0.0.0.0"), 0, 0));
    }

    @Test
    void extendedAcknowledgementIsRead() {
        byte[] words = "No such thing".getBytes(StandardCharsets.UTF_8);
        buffer.order(ByteOrder.nativeOrder());
        buffer.putInt(16 + 4 + 16 + 4 + words.length + 1).putShort((short) Rtm.NLMSG_ERROR);
        buffer.putShort((short) (Rtm.NLM_F_CAPPED | Rtm.NLM_F_ACK_TLVS))
                .putInt(5)
                .putInt(0);
        buffer.putInt(-95).put(new byte[16]);
        buffer.putShort((short) (4 + words.length + 1)).putShort((short) Rtm.NLMSGERR_ATTR_MSG);
        buffer.put(words).put((byte) 0);
        Message message = Message.read(buffer.flip()).getFirst();
        assertThat(message.error()).isEqualTo(95);
        assertThat(message.explanation()).isEqualTo("No such thing");
    }

    @Test
    void severalMessagesOfOneDatagramAreRead() {
        ByteBuffer one = LinkMessages.setUp(buffer, 1, "lo").finish();
        ByteBuffer two = ByteBuffer.allocate(200)
                .put(one.duplicate())
                .put(one.duplicate())
                .flip();
        assertThat(Message.read(two)).extracting(Message::sequence).isEqualTo(List.of(1, 1));
    }

    @Test
    void everyTruncationIsRefusedOrReadsAsNothing() {
        byte[] whole = new byte[200];
        ByteBuffer finished =
                LinkMessages.addBridge(buffer, 1, "brocker0", new MacAddress(1)).finish();
        int length = finished.remaining();
        finished.get(whole, 0, length);
        for (int cut = 1; cut < length; cut++) {
            ByteBuffer part = ByteBuffer.wrap(whole, 0, cut);
            assertThatThrownBy(() -> Message.read(part)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void attributeThatReachesBeyondItsMessageIsRefused() {
        byte[] attribute = {9, 0, 1, 0, 1, 2, 3, 4};
        assertThatThrownBy(() -> Attributes.read(ByteBuffer.wrap(attribute)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void macAddressIsDerivedFromTheIpAddress() throws Exception {
        assertThat(MacAddress.of(ip("10.0.1.200"))).hasToString("02:42:0a:00:01:c8");
        assertThatThrownBy(() -> new MacAddress(1L << 48)).isInstanceOf(IllegalArgumentException.class);
    }
}
