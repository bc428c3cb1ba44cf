package brocker.client.line;

import java.util.ArrayList;
import java.util.List;

/**
 * How one verb is written.
 *
 * @param name the words that call it, such as {@code container list}
 * @param options its own, besides {@link Option#GLOBAL}
 * @param example one command line that works
 */
public record Syntax(String name, String summary, List<Option> options, Operands operands, String example) {
    public Syntax {
        options = List.copyOf(options);
    }

    /** Its own options and the global ones. */
    public List<Option> allOptions() {
        List<Option> all = new ArrayList<>(options);
        all.addAll(Option.GLOBAL);
        return all;
    }

    /** One line, such as {@code brocker-client container stop [--timeout D] NAME...}. */
    public String synopsis() {
        StringBuilder line = new StringBuilder("brocker-client ").append(name);
        for (Option option : options) {
            line.append(" [").append(option.brief().isEmpty() ? option.name() : option.brief());
            line.append(option.takesValue() ? " " + option.value() : "").append(']');
        }
        return operands.synopsis().isEmpty()
                ? line.toString()
                : line.append(' ').append(operands.synopsis()).toString();
    }
}
