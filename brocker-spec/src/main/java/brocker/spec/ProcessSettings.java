package brocker.spec;

import java.util.Optional;

/**
 * What each process of a container has: {@code {"nofile": 65536, "oom-score-adj": 0}}.
 *
 * @param nofile how many files it may have open, the soft and the hard limit; RLIMIT_NOFILE of getrlimit(2)
 * @param oomScoreAdj how soon the kernel kills it when memory runs out, -1000 (never) to 1000 (first); proc_pid_oom_score_adj(5)
 */
public record ProcessSettings(Optional<Integer> nofile, Optional<Integer> oomScoreAdj) {
    /** With every default. */
    public static final ProcessSettings DEFAULT = new ProcessSettings(Optional.empty(), Optional.empty());

    /** A command needs some before it is executed. */
    private static final int LEAST_FILES = 64;

    /** The most that a kernel can be built or told to allow. */
    private static final int MOST_FILES = 1 << 30;

    private static final int MOST_SCORE = 1000;

    public ProcessSettings {
        nofile.filter(number -> number < LEAST_FILES || number > MOST_FILES).ifPresent(number -> {
            throw new BrockerException.Invalid(
                            "invalid-nofile",
                            "\"" + number + "\" is not a number of open files",
                            "write " + LEAST_FILES + " to " + MOST_FILES)
                    .at("nofile");
        });
        oomScoreAdj.filter(score -> Math.abs((long) score) > MOST_SCORE).ifPresent(score -> {
            throw new BrockerException.Invalid(
                            "invalid-oom-score-adj",
                            "\"" + score + "\" is not an OOM score adjustment",
                            "write -" + MOST_SCORE + " (killed last) to " + MOST_SCORE + " (killed first)")
                    .at("oom-score-adj");
        });
    }
}
