package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Something in PEM, see RFC 7468: the path of a file of the client's machine or, as it goes over the wire, the text itself. Its string
 * never shows the text, which may be a secret.
 */
public sealed interface Pem {
    /** What every text begins with, perhaps after remarks. */
    String BEGIN = "-----BEGIN ";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Pem of(String written) {
        if (written.isBlank()) {
            throw new BrockerException.Invalid("invalid-pem", "a path is missing", "write the path of a PEM file");
        }
        return written.contains(BEGIN) ? new Text(written) : new InFile(written);
    }

    /**
     * A file of the client's machine.
     *
     * @param path as written
     */
    record InFile(@JsonValue String path) implements Pem {}

    /** What is in such a file. */
    record Text(@JsonValue String text) implements Pem {
        @Override
        public String toString() {
            return "(PEM)";
        }
    }
}
