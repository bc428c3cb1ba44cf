package brocker.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What {@code probe --all} found: for every system call, capability and path the answer, in its order.
 *
 * @param answers by kind and name, such as {@code "call mount"}
 */
record Survey(Map<String, String> answers) {
    /** Answers that name something which the kernel itself has not, or has empty. */
    private static final Set<String> LACKING = Set.of("absent", "covered", "ENOSYS");

    private static final Set<String> REFUSING = Set.of("EPERM", "EACCES", "ENOSYS", "SIGSYS");
    private static final Set<String> DONE = Set.of("done", "ended");

    static Survey parse(String text) {
        Map<String, String> answers = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            int end = line.lastIndexOf(' ');
            answers.put(line.substring(0, end), line.substring(end + 1));
        }
        return new Survey(answers);
    }

    String answer(String thing) {
        return answers.getOrDefault(thing, "absent");
    }

    /** Whether this kernel has no such thing, so that what a container may do with it cannot be seen here; of the survey outside. */
    boolean lacks(String thing) {
        return LACKING.contains(answer(thing));
    }

    /** What a container that this survey was made in may do, where nothing holds what the other was made by. */
    String verdict(String thing, Survey outside) {
        String here = answer(thing);
        if (!thing.startsWith("call ")) {
            return here;
        }
        String there = outside.answer(thing);
        if (here.equals(there)) {
            return here.equals("ENOSYS") ? "unknown" : "allowed";
        }
        boolean refused = REFUSING.contains(here) || (DONE.contains(there) && !DONE.contains(here));
        return refused ? "refused (" + here + ")" : "allowed";
    }

    /** Whether one verdict gives nothing that another does not. */
    static boolean within(String verdict, String other) {
        return rights(other).containsAll(rights(verdict));
    }

    private static List<String> rights(String verdict) {
        return switch (verdict) {
            case "allowed" -> List.of("call");
            case "held" -> List.of("bounded", "held");
            case "bounded" -> List.of("bounded");
            case "read" -> List.of("read");
            case "write" -> List.of("write");
            case "read+write" -> List.of("read", "write");
            case "none", "absent", "covered", "closed", "unknown" -> List.of();
            case String refused when refused.startsWith("refused (") -> List.of();
            case String other -> throw new IllegalArgumentException("no verdict: \"" + other + "\"");
        };
    }

    /** What was looked at here or in any of others. */
    List<String> things(Survey... others) {
        return Stream.concat(Stream.of(this), Stream.of(others))
                .flatMap(survey -> survey.answers.keySet().stream())
                .distinct()
                .toList();
    }
}
