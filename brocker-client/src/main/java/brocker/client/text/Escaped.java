package brocker.client.text;

/** Text from elsewhere that cannot drive the user's terminal, nor break a line. */
public final class Escaped {
    private Escaped() {}

    /** The same text with control, bidirectional and other invisible characters as {@code \t}, {@code \n} or {@code \}{@code u001b}. */
    public static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!plain(text.charAt(i))) {
                return escape(text);
            }
        }
        return text;
    }

    /** JSON in which the controls that its grammar lets through (DEL and C1) are escaped as well. */
    public static String ofJson(String json) {
        StringBuilder escaped = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == '\n' || c == '\r' || plain(c) || Character.isSurrogate(c)) {
                escaped.append(c);
            } else {
                unicode(escaped, c);
            }
        }
        return escaped.toString();
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 8);
        text.codePoints().forEach(c -> append(escaped, c));
        return escaped.toString();
    }

    private static void append(StringBuilder escaped, int c) {
        switch (c) {
            case '\t' -> escaped.append("\\t");
            case '\n' -> escaped.append("\\n");
            case '\r' -> escaped.append("\\r");
            default -> {
                if (Character.isSupplementaryCodePoint(c)
                        ? Character.getType(c) != Character.FORMAT
                        : plain((char) c)) {
                    escaped.appendCodePoint(c);
                } else if (Character.isSupplementaryCodePoint(c)) {
                    unicode(escaped, Character.highSurrogate(c));
                    unicode(escaped, Character.lowSurrogate(c));
                } else {
                    unicode(escaped, (char) c);
                }
            }
        }
    }

    private static boolean plain(char c) {
        if (c < 127) {
            return c >= ' ';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }

    private static void unicode(StringBuilder escaped, char c) {
        escaped.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            escaped.append(Character.forDigit(c >> shift & 15, 16));
        }
    }
}
