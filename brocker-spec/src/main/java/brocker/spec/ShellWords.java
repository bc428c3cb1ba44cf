package brocker.spec;

import java.util.ArrayList;
import java.util.List;

/** Splits a command line by the quoting rules of the POSIX shell (XCU 2.2), without any expansion. */
final class ShellWords {
    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int position;

    private ShellWords(String line) {
        this.line = line;
    }

    /**
     * Splits a line into words.
     *
     * @throws BrockerException.Invalid when a quote is not closed
     */
    static List<String> split(String line) {
        return new ShellWords(line).split();
    }

    private List<String> split() {
        while (position < line.length()) {
            char c = line.charAt(position++);
            if (Character.isWhitespace(c)) {
                endWord();
                continue;
            }
            if (c == '\\' && position < line.length() && line.charAt(position) == '\n') {
                position++;
                continue;
            }
            inWord = true;
            switch (c) {
                case '\'' -> quoted('\'', false);
                case '"' -> quoted('"', true);
                case '\\' -> escaped();
                default -> word.append(c);
            }
        }
        endWord();
        return List.copyOf(words);
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }

    private void escaped() {
        if (position == line.length()) {
            throw unclosed("\\");
        }
        word.append(line.charAt(position++));
    }

    private void quoted(char quote, boolean escapes) {
        while (position < line.length()) {
            char c = line.charAt(position++);
            if (c == quote) {
                return;
            }
            boolean escape = escapes && c == '\\' && position < line.length();
            if (escape && line.charAt(position) == '\n') {
                position++;
            } else if (escape && "\"\\$`".indexOf(line.charAt(position)) >= 0) {
                word.append(line.charAt(position++));
            } else {
                word.append(c);
            }
        }
        throw unclosed(String.valueOf(quote));
    }

    private BrockerException.Invalid unclosed(String what) {
        return new BrockerException.Invalid(
                "invalid-command",
                "the quote " + what + " is not closed in \"" + line + "\"",
                "close it, or write the command as an array of strings");
    }
}
