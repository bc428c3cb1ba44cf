package brocker.client.daemon;

import brocker.spec.BrockerException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One JSON text (RFC 8259), read into maps, lists, booleans and strings. A number stays as it is written, a member that is null is left
 * out. Jackson is not asked: its tables and the bytecode of its parser, run once, take longer than everything else that {@code
 * container list} does.
 */
final class JsonText {
    private static final int DEEPEST = 100;

    private final String text;
    private final boolean escapes;
    private int at;
    private int depth;

    private JsonText(String text) {
        this.text = text;
        this.escapes = text.indexOf('\\') >= 0;
    }

    /**
     * Reads the whole text. Control characters in strings are let through.
     *
     * @throws BrockerException.Host when it is not one JSON value
     */
    static Object read(String text) {
        JsonText json = new JsonText(text);
        Object value = json.value(json.next());
        if (json.next() != 0) {
            throw json.malformed();
        }
        return value;
    }

    /** A string as it stands in a JSON text (RFC 8259, 7). */
    static String quoted(String plain) {
        StringBuilder quoted = new StringBuilder(plain.length() + 2).append('"');
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                // A surrogate without its other half would be no UTF-8.
                quoted.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    quoted.append(Character.forDigit(c >> shift & 0xf, 16));
                }
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private Object value(char first) {
        return switch (first) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't', 'f', 'n' -> literal(first);
            default -> number();
        };
    }

    private Map<String, Object> object() {
        enter();
        Map<String, Object> members = new HashMap<>(32);
        char next = next();
        if (next == '}') {
            return leave(members);
        }
        while (true) {
            require(next == '"');
            String key = string();
            require(next() == ':');
            at++;
            next = next();
            Object value = value(next);
            if (next != 'n') {
                members.put(key, value);
            }
            next = next();
            if (next == '}') {
                return leave(members);
            }
            require(next == ',');
            at++;
            next = next();
        }
    }

    private List<Object> array() {
        enter();
        List<Object> elements = new ArrayList<>();
        char next = next();
        if (next == ']') {
            return leave(elements);
        }
        while (true) {
            elements.add(value(next));
            next = next();
            if (next == ']') {
                return leave(elements);
            }
            require(next == ',');
            at++;
            next = next();
        }
    }

    private void enter() {
        require(++depth <= DEEPEST);
        at++;
    }

    private <T> T leave(T value) {
        depth--;
        at++;
        return value;
    }

    private String string() {
        int begin = ++at;
        int end = text.indexOf('"', begin);
        require(end >= 0);
        if (escapes) {
            int escape = text.indexOf('\\', begin);
            if (escape >= 0 && escape < end) {
                return escaped(escape);
            }
        }
        at = end + 1;
        return text.substring(begin, end);
    }

    private String escaped(int escape) {
        StringBuilder plain = new StringBuilder().append(text, at, escape);
        at = escape;
        for (char c = take(); c != '"'; c = take()) {
            plain.append(c == '\\' ? escapedCharacter() : c);
        }
        return plain.toString();
    }

    private char escapedCharacter() {
        char c = take();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> codeUnit();
            default -> throw malformed();
        };
    }

    private char codeUnit() {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            char c = take();
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            require(digit >= 0);
            unit = unit << 4 | digit;
        }
        return (char) unit;
    }

    private Object literal(char first) {
        String word = first == 't' ? "true" : first == 'f' ? "false" : "null";
        require(text.startsWith(word, at));
        at += word.length();
        return first == 'n' ? word : Boolean.valueOf(first == 't');
    }

    private String number() {
        int begin = at;
        passOne("-");
        if (!passOne("0")) {
            requireDigits();
        }
        if (passOne(".")) {
            requireDigits();
        }
        if (passOne("eE")) {
            passOne("+-");
            requireDigits();
        }
        return text.substring(begin, at);
    }

    private boolean passOne(String of) {
        boolean there = at < text.length() && of.indexOf(text.charAt(at)) >= 0;
        at += there ? 1 : 0;
        return there;
    }

    private void requireDigits() {
        int begin = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        require(at > begin);
    }

    /** The next character that is not white space, which it does not pass; 0 at the end. */
    private char next() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c > ' ') {
                return c;
            }
            require(c == ' ' || c == '\n' || c == '\r' || c == '\t');
            at++;
        }
        return 0;
    }

    private char take() {
        require(at < text.length());
        return text.charAt(at++);
    }

    private void require(boolean condition) {
        if (!condition) {
            throw malformed();
        }
    }

    private BrockerException malformed() {
        return Answer.notUnderstood(
                text.isBlank() ? "it is empty" : "it is not JSON at character " + (Math.min(at, text.length()) + 1));
    }
}
