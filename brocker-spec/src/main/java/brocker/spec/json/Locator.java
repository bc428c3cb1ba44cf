package brocker.spec.json;

import java.util.ArrayList;
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
     * Finds the value at a path of keys and array indexes. The place of a member is the line of its key. A lone value that stands for an
     * array of one is found as its first element.
     *
     * @return empty when the text, as far as it is JSON, has no such value
     */
    static Optional<Place> find(String text, List<String> path) {
        return findExactly(text, path)
                .or(() -> findExactly(
                        text, path.stream().filter(step -> !step.equals("0")).toList()));
    }

    private static Optional<Place> findExactly(String text, List<String> path) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            return descend(parser, path).map(at -> new Place(at.getLineNr(), parser.currentToken()));
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    /** The keys of the object at a path, in their order; none where there is no object. */
    static List<String> keys(String text, List<String> path) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            List<String> keys = new ArrayList<>();
            if (descend(parser, path).isEmpty() || parser.currentToken() != JsonToken.START_OBJECT) {
                return List.of();
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                keys.add(parser.currentName());
                parser.nextToken();
                parser.skipChildren();
            }
            return keys;
        } catch (JacksonException _) {
            return List.of();
        }
    }

    /** Leaves the parser at the first token of the value. */
    private static Optional<TokenStreamLocation> descend(JsonParser parser, List<String> path) {
        parser.nextToken();
        TokenStreamLocation at = parser.currentTokenLocation();
        for (String step : path) {
            Optional<TokenStreamLocation> child = enter(parser, step);
            if (child.isEmpty()) {
                return Optional.empty();
            }
            at = child.get();
        }
        return Optional.of(at);
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
