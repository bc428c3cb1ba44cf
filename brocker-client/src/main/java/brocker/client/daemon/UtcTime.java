package brocker.client.daemon;

import java.time.Instant;
import java.time.LocalDate;

/** Times as the daemon writes them, such as {@code 2026-11-23T19:25:26.123Z}. */
final class UtcTime {
    private static final String FORM = "dddd-dd-ddTdd:dd:dd";

    private UtcTime() {}

    /**
     * What {@link Instant#parse} gives, at a tenth of its time where the text has the usual form.
     *
     * @throws java.time.DateTimeException when the text is no time
     */
    static Instant parse(String text) {
        int end = text.length() - 1;
        if (!isUsual(text, end)) {
            return Instant.parse(text);
        }
        LocalDate date = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (hour > 23 || minute > 59 || second > 59) {
            // The end of a day, a leap second, or wrong.
            return Instant.parse(text);
        }
        int nanos = end == FORM.length() ? 0 : number(text, FORM.length() + 1, end);
        for (int digits = end - FORM.length() - 1; digits >= 0 && digits < 9; digits++) {
            nanos *= 10;
        }
        int secondOfDay = (hour * 60 + minute) * 60 + second;
        return Instant.ofEpochSecond(date.toEpochDay() * 86_400 + secondOfDay, nanos);
    }

    /** Whether it is the form, then nothing or a point and up to nine digits, then {@code Z} at the end. */
    private static boolean isUsual(String text, int end) {
        int length = FORM.length();
        if (end < length || end > length + 10 || end == length + 1 || text.charAt(end) != 'Z') {
            return false;
        }
        for (int i = 0; i < end; i++) {
            char wanted = i < length ? FORM.charAt(i) : i == length ? '.' : 'd';
            char c = text.charAt(i);
            if (wanted == 'd' ? c < '0' || c > '9' : c != wanted) {
                return false;
            }
        }
        return true;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }
}
