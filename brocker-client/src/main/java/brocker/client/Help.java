package brocker.client;

import brocker.client.line.Option;
import brocker.client.line.Syntax;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The verbs as picocli sees them, which sets the help and writes the completion. Loaded only for that. */
final class Help {
    private Help() {}

    /** The help of the program, a group or a verb. */
    static String of(List<String> path) {
        CommandLine line = program();
        for (String word : path) {
            line = java.util.Objects.requireNonNull(line.getSubcommands().get(word), word);
        }
        return line.getUsageMessage(Ansi.OFF);
    }

    /** The whole tree. */
    static CommandLine program() {
        CommandSpec program =
                group("brocker-client", "brocker-client COMMAND", "containers and services for JVM applications");
        program.usageMessage()
                .footer(
                        "",
                        "Example:",
                        "  brocker-client service add shop.json",
                        "",
                        "Help on a command: brocker-client COMMAND --help");
        for (String word : Commands.TOP) {
            List<String> verbs = Commands.verbsOf(word);
            if (verbs.isEmpty()) {
                program.addSubcommand(word, verb(List.of(word)));
                continue;
            }
            CommandSpec group = group(word, "brocker-client " + word + " COMMAND", "work with " + word + "s");
            group.usageMessage().footer("", "Example:", "  " + example(word));
            for (String verb : verbs) {
                group.addSubcommand(verb, verb(List.of(word, verb)));
            }
            program.addSubcommand(word, group);
        }
        return new CommandLine(program);
    }

    private static String example(String group) {
        return Commands.verb(List.of(group, "list")).syntax().example();
    }

    private static CommandSpec group(String name, String synopsis, String summary) {
        return command(name, synopsis, summary, Option.GLOBAL);
    }

    private static CommandSpec command(String name, String synopsis, String summary, List<Option> options) {
        CommandSpec spec = CommandSpec.create().name(name);
        spec.usageMessage()
                .customSynopsis(synopsis)
                .description(summary)
                .sortOptions(false)
                .width(100);
        spec.usageMessage().optionListHeading("%nOptions:%n").commandListHeading("%nCommands:%n");
        addOptions(spec, options);
        return spec;
    }

    private static CommandSpec verb(List<String> path) {
        Syntax syntax = Commands.verb(path).syntax();
        CommandSpec spec = command(path.getLast(), syntax.synopsis(), syntax.summary(), syntax.allOptions());
        spec.usageMessage().footer("", "Example:", "  " + syntax.example());
        return spec;
    }

    private static void addOptions(CommandSpec spec, List<Option> options) {
        for (Option option : options) {
            String[] names = option.brief().isEmpty()
                    ? new String[] {option.name()}
                    : new String[] {option.brief(), option.name()};
            OptionSpec.Builder builder = OptionSpec.builder(names).description(option.description());
            if (option.takesValue()) {
                builder.type(String.class).paramLabel(option.value());
            } else {
                builder.type(boolean.class);
            }
            spec.addOption(builder.build());
        }
    }
}
