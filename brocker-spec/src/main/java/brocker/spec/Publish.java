package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An address and port of the host on which a service is reached: {@code "127.0.0.1:8080"}, {@code "0.0.0.0:80"}. */
public record Publish(String address, int port) {
    private static final Pattern TEXT = Pattern.compile("([0-9.]+):(\\d{1,5})");

    public Publish {
        address = new Cidr(Cidr.parse(address).bits(), 32).address();
        if (port < 1 || port > 65535) {
            throw invalid(address + ":" + port);
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Publish parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches() || matcher.group(1).split("\\.", -1).length != 4) {
            throw invalid(text);
        }
        return new Publish(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }

    /** Whether both cannot listen at once: the same port, and the same address or one that stands for all. */
    public boolean collides(Publish other) {
        return port == other.port && (address.equals(other.address) || everywhere() || other.everywhere());
    }

    private boolean everywhere() {
        return address.equals("0.0.0.0");
    }

    @JsonValue
    @Override
    public String toString() {
        return address + ":" + port;
    }

    private static BrockerException.Invalid invalid(String text) {
        return new BrockerException.Invalid(
                "invalid-publish",
                "\"" + text + "\" is not an address and port to publish on",
                "write it as \"127.0.0.1:8080\", or \"0.0.0.0:80\" for every address of the host");
    }
}
