package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/** The name of a container: the SHA-1, in 40 hexadecimal digits, of its creation time and command. */
public record ContainerName(@JsonValue String value) implements Comparable<ContainerName> {
    private static final int LENGTH = 40;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ContainerName {
        if (value.length() != LENGTH || !isPrefix(value)) {
            throw new BrockerException.Invalid(
                    "invalid-container-name",
                    "\"" + value + "\" is not a container name",
                    "a name has 40 hexadecimal digits; see: brocker-client container list -a");
        }
    }

    public static ContainerName of(Instant created, Command command) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(created.toString().getBytes(StandardCharsets.UTF_8));
            for (String argument : command.arguments()) {
                sha1.update((byte) 0);
                sha1.update(argument.getBytes(StandardCharsets.UTF_8));
            }
            return new ContainerName(HexFormat.of().formatHex(sha1.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /** Whether a text can be the beginning of a name. */
    public static boolean isPrefix(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= LENGTH;
    }

    /** The first 12 digits, as lists show it. */
    public String abbreviated() {
        return value.substring(0, 12);
    }

    @Override
    public int compareTo(ContainerName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
