package brocker.spec.json;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** Finds where in a text a value stands. */
final class Locator {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Locator() {}

    /** @param token the first token of the value */
    record Place(int line, JsonToken token) {}

    /**
     * Finds the value at a path of keys and array indexes. The place of a member is the line of its key.
     *
     * @return empty when the text, as far as it is JSON, has no such value
     */
    static Optional<Place> find(String text, List<String> path) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            Deque<String> rest = new ArrayDeque<>(path);
            TokenStreamLocation at = parser.currentTokenLocation();
            while (!rest.isEmpty()) {
                Optional<TokenStreamLocation> child = enter(parser, rest.removeFirst());
                if (child.isEmpty()) {
                    return Optional.empty();
                }
                at = child.get();
            }
            return Optional.of(new Place(at.getLineNr(), parser.currentToken()));
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    private static Optional<TokenStreamLocation> enter(JsonParser parser, String step) {
        boolean array = parser.currentToken() == JsonToken.START_ARRAY;
        if (!array && parser.currentToken() != JsonToken.START_OBJECT) {
            return Optional.empty();
        }
        for (int index = 0; ; index++) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.END_ARRAY || token == JsonToken.END_OBJECT || token == null) {
                return Optional.empty();
            }
            TokenStreamLocation at = parser.currentTokenLocation();
            String name = array ? String.valueOf(index) : parser.currentName();
            if (!array) {
                parser.nextToken();
            }
            if (step.equals(name)) {
                return Optional.of(at);
            }
            parser.skipChildren();
        }
    }
}
