package brocker.spec.json;

import brocker.spec.BrockerException;
import brocker.spec.Nearest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Turns what the mapper says of a text into what a user understands. */
final class ReadFailure {
    private static final int LONGEST_SHOWN = 100;
    private static final String WHOLE = "a whole number";
    private static final Pattern IN_PARENTHESES = Pattern.compile("\\(([^)]*)\\)");
    private static final Pattern ELEMENT = Pattern.compile("\\d+");

    /** How Jackson goes on where something does not end, with nothing that helps a reader. */
    private static final String START = " \\(start marker at .*";

    private final String source;
    private final String text;

    ReadFailure(String source, String text) {
        this.source = source;
        this.text = text;
    }

    BrockerException.Invalid explain(JacksonException e) {
        if (text.isBlank()) {
            return new BrockerException.Invalid("invalid-json", "\"" + source + "\" is empty", "");
        }
        List<String> path = path(e);
        if (e.getCause() instanceof BrockerException.Invalid cause) {
            List<String> whole = new ArrayList<>(path);
            if (!cause.key().isEmpty()) {
                whole.add(cause.key());
            }
            return invalid(cause.code(), whole, cause.message(), cause.hint().orElse(""));
        }
        return switch (e) {
            case UnrecognizedPropertyException unknown ->
                unknownKey(unknown.getPropertyName(), names(unknown.getKnownPropertyIds()), path);
            case MismatchedInputException mismatch -> mismatch(mismatch, path);
            case InputCoercionException number -> outOfRange(number, path);
            case StreamReadException notJson -> notJson(notJson);
            default -> new BrockerException.Invalid("invalid-json", "\"" + source + "\": " + firstLine(e), "");
        };
    }

    private BrockerException.Invalid mismatch(MismatchedInputException e, List<String> path) {
        if (firstLine(e).startsWith("Trailing token")) {
            return new BrockerException.Invalid(
                    "invalid-json", "\"" + source + "\" has something after the end of its value", "");
        }
        String wanted = describe(e.getTargetType());
        Optional<JsonToken> found = Locator.find(text, path).map(Locator.Place::token);
        String key = path.isEmpty() ? "it" : "\"" + shown(lastKey(path)) + "\"";
        if (!path.isEmpty() && ELEMENT.matcher(path.getLast()).matches()) {
            key = "an element of " + key;
        }
        if (found.isEmpty() || found.get() == JsonToken.VALUE_NULL) {
            return missing(e, path);
        }
        boolean fraction = wanted.equals(WHOLE) && found.get() == JsonToken.VALUE_NUMBER_FLOAT;
        String is = fraction ? "a fraction" : describe(found.get());
        return invalid("wrong-type", path, key + " must be " + wanted + ", not " + is, "");
    }

    /** A number that is one, but larger than what takes it; the mapper names it in parentheses. */
    private BrockerException.Invalid outOfRange(InputCoercionException e, List<String> path) {
        Matcher number = IN_PARENTHESES.matcher(firstLine(e));
        String shown = number.find() ? "the number \"" + shown(number.group(1)) + "\"" : "a number";
        if (path.isEmpty()) {
            return new BrockerException.Invalid(
                    "wrong-type",
                    "\"" + source + "\" line " + e.getLocation().getLineNr() + ": " + shown + " is out of range",
                    "");
        }
        return invalid("wrong-type", path, shown + " is out of range", "");
    }

    /** The mapper notices what is missing before what is too much; a misspelt key is both, and said as what it is. */
    private BrockerException.Invalid missing(MismatchedInputException e, List<String> path) {
        if (path.isEmpty()) {
            return invalid("missing-value", path, "a value is missing", "");
        }
        List<String> object = path.subList(0, path.size() - 1);
        List<String> known = keys(e.getPath().getLast().from());
        List<String> unknown = new ArrayList<>(Locator.keys(text, object));
        unknown.removeAll(known);
        if (unknown.isEmpty() || known.isEmpty()) {
            return invalid("missing-key", object, "the key \"" + path.getLast() + "\" is missing", "");
        }
        List<String> place = new ArrayList<>(object);
        place.add(unknown.getFirst());
        return unknownKey(unknown.getFirst(), known, place);
    }

    private BrockerException.Invalid unknownKey(String key, List<String> known, List<String> path) {
        String hint = Nearest.to(key, known)
                .map(name -> "did you mean \"" + name + "\"?")
                .orElse("known keys: " + String.join(", ", known));
        return invalid("unknown-key", path, "unknown key \"" + shown(key) + "\"", hint);
    }

    /** A key of the user's, which may be as long as the file. */
    private static String shown(String key) {
        return key.length() <= LONGEST_SHOWN ? key : key.substring(0, LONGEST_SHOWN) + "…";
    }

    /** The keys of a record, or of none. */
    private static List<String> keys(Object owner) {
        Class<?> type = owner instanceof Class<?> named ? named : owner.getClass();
        return type.isRecord()
                ? Arrays.stream(type.getRecordComponents())
                        .map(component -> key(type, component.getName()))
                        .sorted()
                        .toList()
                : List.of();
    }

    /** An element of an array goes by the key of its array. */
    private static String lastKey(List<String> path) {
        return path.reversed().stream()
                .filter(step -> !ELEMENT.matcher(step).matches())
                .findFirst()
                .orElse("");
    }

    /** A record of another project's form keeps that project's keys. */
    private static String key(Class<?> type, String component) {
        return type.isAnnotationPresent(JsonNaming.class) ? component : Json.key(component);
    }

    private BrockerException.Invalid notJson(StreamReadException e) {
        String where = "\"" + source + "\" line " + e.getLocation().getLineNr() + ", column "
                + e.getLocation().getColumnNr();
        boolean duplicate = firstLine(e).startsWith("Duplicate");
        return new BrockerException.Invalid(
                duplicate ? "duplicate-key" : "invalid-json",
                where + ": " + (duplicate ? "" : "not JSON: ")
                        + lowerFirst(firstLine(e)).replaceFirst(START, ""),
                "");
    }

    private BrockerException.Invalid invalid(String code, List<String> path, String message, String hint) {
        String line =
                Locator.find(text, path).map(place -> " line " + place.line()).orElse("");
        String name = shown(lastKey(path));
        String key = name.isEmpty() || message.contains("\"" + name + "\"") ? "" : "\"" + name + "\": ";
        return new BrockerException.Invalid(code, "\"" + source + "\"" + line + ": " + key + message, hint);
    }

    private static List<String> path(JacksonException e) {
        return e.getPath().stream()
                .map(reference -> reference.getPropertyName() == null
                        ? String.valueOf(reference.getIndex())
                        : reference.getPropertyName())
                .toList();
    }

    private static List<String> names(Collection<Object> ids) {
        return ids.stream().map(String::valueOf).sorted().toList();
    }

    private static String describe(Class<?> type) {
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return WHOLE;
        }
        if (type == BigInteger.class) {
            return WHOLE;
        }
        if (type == BigDecimal.class || type == brocker.spec.Cpus.class) {
            return "a number";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "an array";
        }
        boolean object = Map.class.isAssignableFrom(type)
                || (type.isRecord() && type.getRecordComponents().length > 1 && !isText(type));
        return object ? "an object" : "a string";
    }

    private static boolean isText(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .anyMatch(method -> method.isAnnotationPresent(com.fasterxml.jackson.annotation.JsonValue.class));
    }

    private static String describe(JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case START_ARRAY -> "an array";
            case START_OBJECT -> "an object";
            case VALUE_NULL -> "null";
            case END_ARRAY, END_OBJECT, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> token.name();
        };
    }

    private static String firstLine(JacksonException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("unreadable");
    }

    private static String lowerFirst(String sentence) {
        return sentence.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + sentence.substring(1);
    }
}
