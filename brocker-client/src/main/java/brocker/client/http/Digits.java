package brocker.client.http;

/** Numbers as HTTP writes them: digits and nothing else, no sign and no white space. */
final class Digits {
    private static final int MOST = 15;

    private Digits() {}

    /** @throws MalformedAnswer when the text is no number, or has more than 15 digits */
    static long parse(String text, int radix) throws MalformedAnswer {
        long number = 0;
        boolean valid = !text.isEmpty() && text.length() <= MOST;
        for (int i = 0; i < text.length() && valid; i++) {
            int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), radix) : -1;
            valid = digit >= 0;
            number = number * radix + digit;
        }
        if (!valid) {
            throw new MalformedAnswer("\"" + text + "\" is not a number");
        }
        return number;
    }
}
