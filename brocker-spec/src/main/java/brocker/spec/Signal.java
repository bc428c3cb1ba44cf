package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The signals that a container can be sent, with the numbers of x86-64 and arm64, see {@code signal(7)}. */
public enum Signal {
    SIGHUP(1),
    SIGINT(2),
    SIGQUIT(3),
    SIGABRT(6),
    SIGKILL(9),
    SIGUSR1(10),
    SIGUSR2(12),
    SIGALRM(14),
    SIGTERM(15),
    SIGCONT(18),
    SIGSTOP(19),
    SIGWINCH(28);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** Accepts {@code SIGTERM}, {@code TERM} and {@code 15}, in any case. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Signal parse(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(s -> upper.equals(s.name())
                        || upper.equals(s.name().substring(3))
                        || upper.equals(String.valueOf(s.number)))
                .findFirst()
                .orElseThrow(() -> new BrockerException.Invalid(
                        "invalid-signal",
                        "\"" + text + "\" is not a signal that a container can be sent",
                        hint(upper)));
    }

    private static String hint(String upper) {
        List<String> names = Arrays.stream(values()).map(Signal::name).toList();
        boolean digits = !upper.isEmpty() && upper.chars().allMatch(Character::isDigit);
        Optional<String> nearest =
                digits ? Optional.empty() : Nearest.to(upper.startsWith("SIG") ? upper : "SIG" + upper, names);
        return nearest.map(name -> "did you mean \"" + name + "\"?").orElse("known: " + String.join(", ", names));
    }
}
