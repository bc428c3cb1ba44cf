package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Addresses that belong together, {@code 10.0.9.0/24}, or a single one, {@code 10.0.9.7}. */
public record Network(Cidr addresses) {
    public Network {
        if (addresses.bits() != addresses.network()) {
            throw new BrockerException.Invalid(
                    "invalid-network",
                    "\"" + addresses + "\" is not a network, which begins at \"" + Cidr.dotted(addresses.network())
                            + "/" + addresses.prefix() + "\"",
                    "write the first address and the prefix length, or one address without any");
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Network parse(String text) {
        Cidr cidr = Cidr.parse(text);
        return new Network(text.contains("/") ? cidr : new Cidr(cidr.bits(), 32));
    }

    /** That of one address. */
    public static Network of(int address) {
        return new Network(new Cidr(address, 32));
    }

    @JsonValue
    @Override
    public String toString() {
        return addresses.prefix() == 32 ? addresses.address() : addresses.toString();
    }
}
