package brocker.client.daemon;

import brocker.spec.BrockerException;
import brocker.spec.ContainerName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * An object that the daemon sent, read token by token: binding the same to records costs more time than the whole rest of {@code
 * container list}. Keys that this client does not know are kept and passed over, so it may be older than the daemon.
 */
public record Answer(Map<String, Object> members) {
    public Answer {
        members = Map.copyOf(members);
    }

    /**
     * Reads an object.
     *
     * @throws BrockerException.Host when the text is not one JSON object
     */
    public static Answer object(String text) {
        return of(parse(text));
    }

    /**
     * Reads an array of objects.
     *
     * @throws BrockerException.Host when the text is not an array of JSON objects
     */
    public static List<Answer> array(String text) {
        if (!(parse(text) instanceof List<?> elements)) {
            throw notUnderstood("it is not an array");
        }
        List<Answer> answers = new ArrayList<>(elements.size());
        for (Object element : elements) {
            answers.add(of(element));
        }
        return answers;
    }

    public String text(String key) {
        return optionalText(key).orElseThrow(() -> notUnderstood("\"" + key + "\" is missing"));
    }

    public Optional<String> optionalText(String key) {
        Object value = members.get(key);
        return value == null ? Optional.empty() : Optional.of(value.toString());
    }

    public boolean flag(String key) {
        return Boolean.TRUE.equals(members.get(key));
    }

    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        if (members.get(key) instanceof List<?> elements) {
            for (Object element : elements) {
                texts.add(element.toString());
            }
        }
        return texts;
    }

    public ContainerName containerName() {
        return new ContainerName(text("name"));
    }

    private static Answer of(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw notUnderstood("it is not an object");
        }
        Map<String, Object> members = new LinkedHashMap<>();
        map.forEach((key, member) -> members.put(key.toString(), member));
        return new Answer(members);
    }

    private static Object parse(String text) {
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            return value(parser);
        } catch (JacksonException e) {
            throw notUnderstood(e.getOriginalMessage());
        }
    }

    private static Object value(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> members = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                if (parser.nextToken() != JsonToken.VALUE_NULL) {
                    members.put(key, value(parser));
                }
            }
            return members;
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> elements = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(value(parser));
            }
            return elements;
        }
        if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            return token == JsonToken.VALUE_TRUE;
        }
        String text = parser.getString();
        if (text == null) {
            throw notUnderstood("it is empty");
        }
        return text;
    }

    private static BrockerException.Host notUnderstood(String reason) {
        return new BrockerException.Host(
                "unexpected-answer", "the daemon's answer is not understood: " + reason, "is it brockerd?");
    }
}
