package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The commands of {@code README.md} are ones that the programs know, by their own help, and that the Makefile has. */
class ReadmeTest {
    private static final int FEWEST_COMMANDS = 8;
    private static final Set<String> CLIENTS = Set.of("brocker-client", "brocker");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--?[a-z][a-z-]*");

    private final Map<String, String> helps = new HashMap<>();

    @Test
    void itsCommandsUseOnlyVerbsAndOptionsThatTheProgramsHave() {
        List<List<String>> checked = new ArrayList<>();
        for (List<String> words : commands()) {
            String program = words.getFirst().replaceAll(".*/", "");
            if (CLIENTS.contains(program)) {
                checkClient(words);
                checked.add(words);
            } else if (program.equals("brockerd")) {
                checkOptions(words, options(help("brockerd", List.of())));
                checked.add(words);
            } else if (program.equals("make")) {
                checkMake(words);
                checked.add(words);
            }
        }
        assertThat(checked).as("commands of Brocker in README.md").hasSizeGreaterThanOrEqualTo(FEWEST_COMMANDS);
    }

    @Test
    void itsTwoFirstCommandsAreDemoAndTest() {
        assertThat(commands()).contains(List.of("make", "demo"), List.of("make", "test"));
    }

    @Test
    void theHelpOfEveryVerbShowsAnExample() {
        Set<String> verbs = new HashSet<>();
        for (String top : subcommands(help("brocker-client", List.of()))) {
            List<String> below = subcommands(help("brocker-client", List.of(top)));
            below.forEach(verb -> verbs.add(top + " " + verb));
            if (below.isEmpty()) {
                verbs.add(top);
            }
        }
        assertThat(verbs)
                .contains("container run", "container exec", "container list", "container stop", "service add");
        for (String verb : verbs) {
            assertThat(help("brocker-client", List.of(verb.split(" ", -1))))
                    .contains("Example:", "brocker-client " + verb);
        }
    }

    private void checkClient(List<String> words) {
        List<String> path = new ArrayList<>();
        List<String> known = subcommands(help("brocker-client", path));
        for (String word : words.subList(1, words.size())) {
            if (word.startsWith("-") || known.isEmpty()) {
                continue;
            }
            String verb = Set.of("ls", "ps").contains(word) ? "list" : word;
            assertThat(known)
                    .as("verbs that \"%s\" could mean", String.join(" ", words))
                    .contains(verb);
            path.add(verb);
            known = subcommands(help("brocker-client", path));
        }
        assertThat(known)
                .as("\"%s\" names a whole verb", String.join(" ", words))
                .isEmpty();
        boolean runsACommand = path.equals(List.of("container", "exec"));
        List<String> own = runsACommand ? words.subList(0, firstOperand(words, path)) : words;
        checkOptions(own, options(help("brocker-client", path)));
    }

    /** Where the options of {@code exec} end and the container's name begins. */
    private static int firstOperand(List<String> words, List<String> path) {
        int next = words.indexOf(path.getLast()) + 1;
        while (next < words.size() && words.get(next).startsWith("-")) {
            next++;
        }
        return next;
    }

    private static void checkOptions(List<String> words, Set<String> known) {
        for (String word : words) {
            if (word.startsWith("-")) {
                assertThat(known)
                        .as("options of \"%s\"", String.join(" ", words))
                        .contains(word.replaceAll("=.*", ""));
            }
        }
    }

    private static void checkMake(List<String> words) {
        Set<String> targets = Host.lines(Distribution.sources().resolve("Makefile")).stream()
                .map(line -> Pattern.compile("^([a-z0-9-]+):").matcher(line))
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .collect(Collectors.toSet());
        for (String word : words.subList(1, words.size())) {
            if (!word.contains("=") && !word.startsWith("-")) {
                assertThat(targets)
                        .as("targets of \"%s\"", String.join(" ", words))
                        .contains(word);
            }
        }
    }

    private String help(String program, List<String> path) {
        return helps.computeIfAbsent(program + path, _ -> {
            List<String> arguments = new ArrayList<>(path);
            arguments.add("--help");
            return Outcome.run(
                            Outcome.command(Distribution.program(program), arguments.toArray(String[]::new)),
                            Map.of(),
                            new byte[0])
                    .succeeded()
                    .stdout();
        });
    }

    private static Set<String> options(String help) {
        return OPTION.matcher(help).results().map(found -> found.group()).collect(Collectors.toSet());
    }

    /** The words of the section "Commands:" of a help text. */
    private static List<String> subcommands(String help) {
        return help.lines()
                .dropWhile(line -> !line.equals("Commands:"))
                .skip(1)
                .takeWhile(line -> !line.isBlank())
                .filter(line -> line.matches("  \\S.*"))
                .map(line -> line.strip().split(" ", -1)[0])
                .toList();
    }

    /** The commands in the blocks marked {@code sh} and {@code console}, as words, without {@code sudo} and variables before them. */
    private static List<List<String>> commands() {
        List<List<String>> commands = new ArrayList<>();
        String language = "";
        for (String line : Host.lines(Distribution.sources().resolve("README.md"))) {
            if (line.startsWith("```")) {
                language = language.isEmpty() ? line.substring(3).strip() + " " : "";
            } else if (language.equals("sh ") || (language.equals("console ") && line.matches("[$#] .*"))) {
                String text = language.equals("sh ") ? line : line.substring(2);
                for (String part : text.replaceAll("\\s#.*|^#.*", "").split("&&|\\|\\||[|;]", -1)) {
                    List<String> words = new ArrayList<>(List.of(part.strip().split("\\s+", -1)));
                    while (!words.isEmpty() && words.getFirst().matches("sudo|exec|[A-Z_]+=.*|")) {
                        words.removeFirst();
                    }
                    if (!words.isEmpty()) {
                        commands.add(words);
                    }
                }
            }
        }
        return commands;
    }
}
