package brocker.daemon.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of an {@code nginx.conf} with named places, written <code>{{name}}</code>. What stands alone on its line there may be several
 * lines, which are indented as the place is, or none, and then the line goes as well. Pure.
 */
record Template(String name, String text) {
    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z-]+)}}");
    private static final Pattern PLACE_ALONE = Pattern.compile("( *)\\{\\{([a-z-]+)}}");

    /** One of ours, {@code NAME.conf.template} beside this class. */
    static Template ours(String name) {
        String file = name + ".conf.template";
        try (InputStream in = Template.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException("there is no template \"" + file + "\"");
            }
            return new Template(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The text with these values in its places.
     *
     * @throws IllegalArgumentException where a place has no value, a value no place, or one within a line several lines
     */
    String fill(Map<String, String> values) {
        Set<String> unused = new HashSet<>(values.keySet());
        StringBuilder filled = new StringBuilder();
        text.lines().forEach(line -> {
            Matcher alone = PLACE_ALONE.matcher(line);
            if (alone.matches()) {
                unused.remove(alone.group(2));
                append(filled, alone.group(1), value(values, alone.group(2)));
            } else {
                filled.append(within(line, values, unused)).append('\n');
            }
        });
        if (!unused.isEmpty()) {
            throw new IllegalArgumentException("the template \"" + name + "\" has no place for " + unused);
        }
        return filled.toString();
    }

    private static void append(StringBuilder filled, String indentation, String value) {
        value.lines()
                .forEach(line -> filled.append(line.isEmpty() ? "" : indentation)
                        .append(line)
                        .append('\n'));
    }

    private String within(String line, Map<String, String> values, Set<String> unused) {
        return PLACE.matcher(line).replaceAll(place -> {
            unused.remove(place.group(1));
            String value = value(values, place.group(1));
            if (value.indexOf('\n') >= 0) {
                throw new IllegalArgumentException(
                        "the template \"" + name + "\" takes one line as \"" + place.group(1) + "\"");
            }
            return Matcher.quoteReplacement(value);
        });
    }

    private String value(Map<String, String> values, String place) {
        String value = values.get(place);
        if (value == null) {
            throw new IllegalArgumentException("the template \"" + name + "\" needs a value for \"" + place + "\"");
        }
        return value;
    }
}
