package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An IPv4 address with the prefix length of its network, such as {@code 10.0.1.1/24}; the prefix is 24 where none is written
 * (RFC 4632). The address is kept as written, so it need not be the network's own.
 */
public record Cidr(int bits, int prefix) {
    private static final Pattern TEXT =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?:/(\\d{1,2}))?");

    public Cidr {
        if (prefix < 0 || prefix > 32) {
            throw new BrockerException.Invalid("invalid-address", "\"" + prefix + "\" is not a prefix length", "");
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Cidr parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw invalid(text);
        }
        int bits = 0;
        for (int group = 1; group <= 4; group++) {
            int octet = Integer.parseInt(matcher.group(group));
            if (octet > 255) {
                throw invalid(text);
            }
            bits = bits << 8 | octet;
        }
        String prefix = matcher.group(5);
        if (prefix != null && Integer.parseInt(prefix) > 32) {
            throw invalid(text);
        }
        return new Cidr(bits, prefix == null ? 24 : Integer.parseInt(prefix));
    }

    /** The lowest address of the network. */
    public int network() {
        return bits & mask();
    }

    /** The highest address of the network. */
    public int broadcast() {
        return network() | ~mask();
    }

    public boolean contains(int address) {
        return (address & mask()) == network();
    }

    public boolean overlaps(Cidr other) {
        return contains(other.network()) || other.contains(network());
    }

    /** Another address in the same network. */
    public Cidr withAddress(int address) {
        return new Cidr(address, prefix);
    }

    /** The address alone, in dotted form. */
    public String address() {
        return dotted(bits);
    }

    /** An address in dotted form. */
    public static String dotted(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    @JsonValue
    @Override
    public String toString() {
        return address() + "/" + prefix;
    }

    private int mask() {
        return prefix == 0 ? 0 : -1 << (32 - prefix);
    }

    private static BrockerException.Invalid invalid(String text) {
        return new BrockerException.Invalid(
                "invalid-address",
                "\"" + text + "\" is not an IPv4 address",
                "write it as \"10.0.1.1\" or, with a prefix length, \"10.0.1.1/24\"");
    }
}
