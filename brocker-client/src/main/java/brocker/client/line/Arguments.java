package brocker.client.line;

import brocker.spec.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the user gave to a verb, by the conventions of {@code getopt_long(3)}: options anywhere, {@code --name=value}, grouped letters,
 * {@code --} before operands that look like options. Of an option given twice the last counts.
 */
public final class Arguments {
    private final Syntax syntax;
    private final List<Option> known;
    private final Map<String, String> values = new HashMap<>();
    private final List<String> operands = new ArrayList<>();

    private Arguments(Syntax syntax) {
        this.syntax = syntax;
        this.known = syntax.allOptions();
    }

    /**
     * Reads the words that follow, or surround, the verb.
     *
     * @throws WrongUsage for an unknown option, a missing or unexpected value, and a wrong number of operands; not when help is asked
     *     for
     */
    public static Arguments parse(Syntax syntax, List<String> words) {
        Arguments arguments = new Arguments(syntax);
        arguments.read(words);
        if (!arguments.has(Option.HELP)) {
            arguments.requireOperands();
        }
        return arguments;
    }

    public boolean has(Option option) {
        return values.containsKey(option.name());
    }

    public Optional<String> value(Option option) {
        return Optional.ofNullable(values.get(option.name()));
    }

    public List<String> operands() {
        return List.copyOf(operands);
    }

    /** The operand at an index, which the verb's syntax requires. */
    public String operand(int index) {
        return operands.get(index);
    }

    private void read(List<String> words) {
        int next = 0;
        while (next < words.size()) {
            String word = words.get(next++);
            boolean verbatim = operands.size() > syntax.operands().verbatimFrom();
            if (verbatim || word.length() < 2 || word.charAt(0) != '-') {
                operands.add(word);
            } else if (word.equals("--")) {
                operands.addAll(words.subList(next, words.size()));
                return;
            } else if (word.startsWith("--")) {
                next = readLong(word, words, next);
            } else {
                next = readLetters(word, words, next);
            }
        }
    }

    private int readLong(String word, List<String> words, int next) {
        int equals = word.indexOf('=');
        Option option = find(equals < 0 ? word : word.substring(0, equals));
        if (equals >= 0 && !option.takesValue()) {
            throw new WrongUsage("option \"" + option.name() + "\" takes no value", usage());
        }
        if (equals >= 0) {
            values.put(option.name(), word.substring(equals + 1));
            return next;
        }
        return readValue(option, words, next);
    }

    private int readLetters(String word, List<String> words, int next) {
        int after = next;
        for (int i = 1; i < word.length(); i++) {
            after = readValue(find("-" + word.charAt(i)), words, after);
        }
        return after;
    }

    private int readValue(Option option, List<String> words, int next) {
        if (!option.takesValue()) {
            values.put(option.name(), "");
            return next;
        }
        if (next == words.size()) {
            throw new WrongUsage("option \"" + option.name() + "\" needs a value: " + option.value(), usage());
        }
        values.put(option.name(), words.get(next));
        return next + 1;
    }

    private Option find(String written) {
        List<String> names = new ArrayList<>();
        for (Option option : known) {
            if (option.is(written)) {
                return option;
            }
            names.add(option.name());
        }
        if (syntax.operands().equals(Operands.NAME_AND_COMMAND) && (written.equals("-t") || written.equals("--tty"))) {
            throw new WrongUsage("terminals are not supported yet", usage());
        }
        String hint = Nearest.to(written, names)
                .map(name -> "did you mean \"" + name + "\"?")
                .orElseGet(this::usage);
        throw new WrongUsage("unknown option \"" + written + "\" of \"" + syntax.name() + "\"", hint);
    }

    private void requireOperands() {
        Operands wanted = syntax.operands();
        if (operands.size() < wanted.least()) {
            throw new WrongUsage("\"" + syntax.name() + "\" needs " + wanted.word(operands.size()), usage());
        }
        if (operands.size() > wanted.most()) {
            throw new WrongUsage(
                    "\"" + syntax.name() + "\" takes no further argument: \"" + operands.get(wanted.most()) + "\"",
                    usage());
        }
    }

    private String usage() {
        return "usage: " + syntax.synopsis();
    }
}
