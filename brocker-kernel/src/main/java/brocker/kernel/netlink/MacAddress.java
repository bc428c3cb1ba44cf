package brocker.kernel.netlink;

import java.net.Inet4Address;
import java.util.HexFormat;

/**
 * An Ethernet address.
 *
 * @param bits the six bytes, the first one highest
 */
public record MacAddress(long bits) {
    public MacAddress {
        if (bits >>> 48 != 0) {
            throw new IllegalArgumentException("0x" + Long.toHexString(bits) + " has more than 48 bits");
        }
    }

    /** {@code 02:42} and the four bytes of the address: locally administered, and the same whenever it is computed. */
    public static MacAddress of(Inet4Address address) {
        return of(new byte[] {0x02, 0x42}, address.getAddress());
    }

    static MacAddress of(byte[]... parts) {
        long bits = 0;
        for (byte[] part : parts) {
            for (byte b : part) {
                bits = (bits << 8) | (b & 0xff);
            }
        }
        return new MacAddress(bits);
    }

    byte[] bytes() {
        byte[] bytes = new byte[6];
        for (int i = 0; i < 6; i++) {
            bytes[i] = (byte) (bits >>> (8 * (5 - i)));
        }
        return bytes;
    }

    /** {@code 02:42:0a:00:01:02}. */
    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(bytes());
    }
}
