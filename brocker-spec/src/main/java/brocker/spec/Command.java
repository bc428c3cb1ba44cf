package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * A command and its arguments. In JSON an array of strings, or one string that is split by the shell's quoting rules (no shell runs
 * it: {@code $}, {@code *} and {@code |} mean themselves).
 */
public record Command(@JsonValue List<String> arguments) {
    public Command {
        arguments = List.copyOf(arguments);
        if (arguments.isEmpty() || arguments.getFirst().isEmpty()) {
            throw new BrockerException.Invalid("invalid-command", "the command is empty", "");
        }
        for (String argument : arguments) {
            if (argument.indexOf('\0') >= 0) {
                throw new BrockerException.Invalid("invalid-command", "the command contains a NUL character", "");
            }
        }
    }

    public static Command parse(String line) {
        return new Command(ShellWords.split(line));
    }

    /** The program to execute: a path, or a name that is looked up in the container's {@code PATH}. */
    public String program() {
        return arguments.getFirst();
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Command fromJson(Object json) {
        if (json instanceof String line) {
            return parse(line);
        }
        if (json instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return new Command(list.stream().map(String.class::cast).toList());
        }
        throw new BrockerException.Invalid("wrong-type", "a command is a string or an array of strings", "");
    }

    /** The command as one would type it. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder();
        for (String argument : arguments) {
            line.append(line.isEmpty() ? "" : " ").append(quote(argument));
        }
        return line.toString();
    }

    private static String quote(String argument) {
        for (int i = 0; i < argument.length(); i++) {
            char c = argument.charAt(i);
            if (!Character.isLetterOrDigit(c) && "-_./=:,@%+".indexOf(c) < 0) {
                return "'" + argument.replace("'", "'\\''") + "'";
            }
        }
        return argument.isEmpty() ? "''" : argument;
    }
}
