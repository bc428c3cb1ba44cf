package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Processors by their numbers, written as the kernel does it: {@code 0-3,6}; see {@code cpuset(7)}, "List format". */
public record CpuList(NavigableSet<Integer> numbers) {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,4})(?:-(\\d{1,4}))?");

    public CpuList {
        numbers = Collections.unmodifiableNavigableSet(new TreeSet<>(numbers));
        if (numbers.isEmpty()) {
            throw invalid("");
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static CpuList parse(String text) {
        NavigableSet<Integer> numbers = new TreeSet<>();
        for (String range : text.split(",", -1)) {
            Matcher matcher = RANGE.matcher(range);
            if (!matcher.matches()) {
                throw invalid(text);
            }
            int first = Integer.parseInt(matcher.group(1));
            int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
            if (first > last) {
                throw invalid(text);
            }
            for (int number = first; number <= last; number++) {
                numbers.add(number);
            }
        }
        return new CpuList(numbers);
    }

    /** Those that the other list does not have. */
    public List<Integer> without(CpuList other) {
        return numbers.stream()
                .filter(number -> !other.numbers.contains(number))
                .toList();
    }

    @JsonValue
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int first : numbers) {
            if (numbers.contains(first - 1)) {
                continue;
            }
            int last = first;
            while (numbers.contains(last + 1)) {
                last++;
            }
            text.append(text.isEmpty() ? "" : ",").append(first).append(first == last ? "" : "-" + last);
        }
        return text.toString();
    }

    private static BrockerException.Invalid invalid(String text) {
        return new BrockerException.Invalid(
                "invalid-cpuset",
                "\"" + text + "\" is not a list of processors",
                "write numbers and ranges, such as \"0-3,6\"");
    }
}
