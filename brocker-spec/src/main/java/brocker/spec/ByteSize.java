package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes, written {@code 64k}, {@code 512m} or {@code 2g} (powers of 1024; without a letter: bytes). */
public record ByteSize(long bytes) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})([kmgt]?)", Pattern.CASE_INSENSITIVE);

    public ByteSize {
        if (bytes <= 0) {
            throw invalid(String.valueOf(bytes));
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static ByteSize parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw invalid(text);
        }
        int shift = switch (matcher.group(2).toLowerCase(java.util.Locale.ROOT)) {
            case "k" -> 10;
            case "m" -> 20;
            case "g" -> 30;
            case "t" -> 40;
            default -> 0;
        };
        long number = Long.parseLong(matcher.group(1));
        if (number > Long.MAX_VALUE >> shift) {
            throw invalid(text);
        }
        return new ByteSize(number << shift);
    }

    @JsonValue
    @Override
    public String toString() {
        String units = "kmgt";
        long number = bytes;
        int unit = -1;
        while (number % 1024 == 0 && unit < units.length() - 1) {
            number /= 1024;
            unit++;
        }
        return unit < 0 ? String.valueOf(number) : number + units.substring(unit, unit + 1);
    }

    private static BrockerException.Invalid invalid(String text) {
        return new BrockerException.Invalid(
                "invalid-size", "\"" + text + "\" is not a size", "write a size as \"64k\", \"512m\" or \"2g\"");
    }
}
