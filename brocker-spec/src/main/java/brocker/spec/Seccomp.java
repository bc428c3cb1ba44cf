package brocker.spec;

import com.fasterxml.jackson.annotation.JsonValue;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * How the system calls of a container are filtered: {@code "default"}, {@code "unconfined"}, the path of a file with a profile, or, as it
 * goes over the wire, the profile itself.
 */
@JsonDeserialize(using = Seccomp.Reader.class)
public sealed interface Seccomp {
    /** Brocker's own profile. */
    record Default() implements Seccomp {
        @JsonValue
        public String text() {
            return "default";
        }
    }

    /** Not at all. */
    record Unconfined() implements Seccomp {
        @JsonValue
        public String text() {
            return "unconfined";
        }
    }

    /**
     * A file of the client's machine.
     *
     * @param path as written
     */
    record InFile(@JsonValue String path) implements Seccomp {}

    /** The user's own profile. */
    record Own(@JsonValue SeccompProfile profile) implements Seccomp {}

    /** Reads the word or the path as text, the profile as an object. */
    final class Reader extends ValueDeserializer<Seccomp> {
        @Override
        public Seccomp deserialize(JsonParser parser, DeserializationContext context) {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                return new Own(context.readValue(parser, SeccompProfile.class));
            }
            String text = parser.currentToken() == JsonToken.VALUE_STRING
                    ? parser.getString()
                    : context.readValue(parser, String.class);
            return switch (text) {
                case "default" -> new Default();
                case "unconfined" -> new Unconfined();
                case "" ->
                    throw SeccompProfile.invalid("a path is missing", "write \"default\", \"unconfined\" or a file");
                default -> new InFile(text);
            };
        }
    }
}
