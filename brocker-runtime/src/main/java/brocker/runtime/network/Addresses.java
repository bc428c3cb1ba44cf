package brocker.runtime.network;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Between the bits of an IPv4 address and Java's class for it. */
public final class Addresses {
    private Addresses() {}

    public static Inet4Address of(int bits) {
        byte[] octets = {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
        try {
            return (Inet4Address) InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four octets are an IPv4 address", e);
        }
    }

    public static int bits(Inet4Address address) {
        byte[] octets = address.getAddress();
        return (octets[0] & 255) << 24 | (octets[1] & 255) << 16 | (octets[2] & 255) << 8 | (octets[3] & 255);
    }
}
