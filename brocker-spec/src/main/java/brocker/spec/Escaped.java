package brocker.spec;

/**
 * Text from elsewhere that cannot drive a terminal, hide or reorder what stands beside it, nor forge a line of a log. Characters that
 * could are written as {@code \}{@code u001b}: controls (C0, DEL, C1), format characters of Unicode (bidirectional, zero-width, tags),
 * its line and paragraph separators, and unpaired surrogates; tab, newline and carriage return as {@code \t}, {@code \n} and {@code \r}.
 */
public final class Escaped {
    private Escaped() {}

    /** Text for a part of a line, such as a cell of a table. */
    public static String of(String text) {
        return escape(text, "");
    }

    /** Text for a line of its own, in which tabs stay as they are. */
    public static String line(String text) {
        return escape(text, "\t");
    }

    /** JSON in which the characters that its grammar lets through (DEL, C1, format characters) are escaped as well. */
    public static String json(String json) {
        return escape(json, "\n\r");
    }

    /** Appends a code point, or its escape. */
    public static void append(StringBuilder text, int codePoint) {
        if (isPlain(codePoint)) {
            text.appendCodePoint(codePoint);
            return;
        }
        switch (codePoint) {
            case '\t' -> text.append("\\t");
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            default -> {
                for (char unit : Character.toChars(codePoint)) {
                    text.append("\\u");
                    for (int shift = 12; shift >= 0; shift -= 4) {
                        text.append(Character.forDigit(unit >> shift & 15, 16));
                    }
                }
            }
        }
    }

    private static String escape(String text, String kept) {
        for (int i = 0; i < text.length(); i++) {
            // Nearly every text is plain, and is returned as it is.
            if (!isPlain(text.charAt(i))) {
                return escapeFrom(i, text, kept);
            }
        }
        return text;
    }

    private static String escapeFrom(int first, String text, String kept) {
        StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            if (kept.indexOf(c) >= 0) {
                escaped.appendCodePoint(c);
            } else {
                append(escaped, c);
            }
        }
        return escaped.toString();
    }

    private static boolean isPlain(int c) {
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
}
