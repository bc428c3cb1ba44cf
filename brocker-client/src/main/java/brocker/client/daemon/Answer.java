package brocker.client.daemon;

import brocker.spec.BrockerException;
import brocker.spec.ContainerName;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An object that the daemon sent. Keys that this client does not know are kept and passed over, so it may be older than the daemon.
 */
public final class Answer {
    private final Map<?, ?> members;

    private Answer(Map<?, ?> members) {
        this.members = members;
    }

    /**
     * Reads an object.
     *
     * @throws BrockerException.Host when the text is not one JSON object
     */
    public static Answer object(String text) {
        return of(JsonText.read(text));
    }

    /**
     * Reads an array of objects.
     *
     * @throws BrockerException.Host when the text is not an array of JSON objects
     */
    public static List<Answer> array(String text) {
        if (!(JsonText.read(text) instanceof List<?> elements)) {
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

    /** A whole number. */
    public long number(String key) {
        return optionalNumber(key).orElseThrow(() -> notUnderstood("\"" + key + "\" is missing"));
    }

    /** A whole number; none where there is no such key. */
    public Optional<Long> optionalNumber(String key) {
        try {
            return optionalText(key).map(Long::valueOf);
        } catch (NumberFormatException e) {
            throw notUnderstood("\"" + key + "\" is not a whole number");
        }
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

    /** Objects; none where there is no such key. */
    public List<Answer> objects(String key) {
        List<Answer> objects = new ArrayList<>();
        if (members.get(key) instanceof List<?> elements) {
            for (Object element : elements) {
                objects.add(of(element));
            }
        }
        return objects;
    }

    /** A time as ISO 8601 has it, in UTC; none where there is no such key. */
    public Optional<Instant> instant(String key) {
        Optional<String> text = optionalText(key);
        try {
            return text.isPresent() ? Optional.of(UtcTime.parse(text.get())) : Optional.empty();
        } catch (DateTimeException e) {
            throw notUnderstood("\"" + key + "\" is not a time");
        }
    }

    /** An object in this one; none where there is no such key. */
    public Optional<Answer> optionalObject(String key) {
        Object value = members.get(key);
        return value == null ? Optional.empty() : Optional.of(of(value));
    }

    public ContainerName containerName() {
        return new ContainerName(text("name"));
    }

    private static Answer of(Object value) {
        if (!(value instanceof Map<?, ?> members)) {
            throw notUnderstood("it is not an object");
        }
        return new Answer(members);
    }

    static BrockerException.Host notUnderstood(String reason) {
        return new BrockerException.Host(
                "unexpected-answer", "the daemon's answer is not understood: " + reason, "is it brockerd?");
    }
}
