package brocker.spec;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What is done with some system calls.
 *
 * @param name the older form of {@code names}
 * @param errno the name of {@code errnoRet}, Podman's addition; says nothing new
 * @param args all of which have to hold; where two are about the same argument, one of them
 * @param includes when the rule counts
 * @param excludes when it does not
 */
@JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
public record SeccompRule(
        List<String> names,
        Optional<String> name,
        SeccompAction action,
        Optional<Integer> errnoRet,
        Optional<String> errno,
        List<SeccompArgument> args,
        Optional<String> comment,
        Optional<SeccompCondition> includes,
        Optional<SeccompCondition> excludes) {
    private static final Pattern SYSTEM_CALL = Pattern.compile("[A-Za-z0-9_]{1,64}");

    public SeccompRule {
        names = List.copyOf(names);
        args = List.copyOf(args);
        if (names.isEmpty() == name.isEmpty()) {
            throw SeccompProfile.invalid(
                    names.isEmpty() ? "a rule without \"names\"" : "a rule with both \"names\" and \"name\"",
                    "list the system calls in \"names\"");
        }
        Stream.concat(names.stream(), name.stream())
                .filter(call -> !SYSTEM_CALL.matcher(call).matches())
                .findFirst()
                .ifPresent(call -> {
                    throw SeccompProfile.invalid("\"" + call + "\" is not the name of a system call", "")
                            .at("names");
                });
        SeccompProfile.requireErrno(action, errnoRet, errno, "errnoRet");
    }

    /** The system calls that it is about. */
    public List<String> calls() {
        return name.map(List::of).orElse(names);
    }

    public SeccompCondition includesOrNone() {
        return includes.orElse(SeccompCondition.NONE);
    }

    public SeccompCondition excludesOrNone() {
        return excludes.orElse(SeccompCondition.NONE);
    }
}
