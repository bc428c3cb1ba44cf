package brocker.spec;

import java.util.Optional;

/**
 * How a service changes from one revision to the next: {@code {"max-surge": 1, "rollback-on-failure": true}}, which is also the default.
 *
 * @param maxSurge how many replicas there may be beyond the desired number meanwhile
 * @param rollbackOnFailure whether everything new is removed when a replica of it does not become healthy
 */
public record Deploy(Optional<Integer> maxSurge, Optional<Boolean> rollbackOnFailure) {
    public static final Deploy DEFAULT = new Deploy(Optional.empty(), Optional.empty());

    public Deploy {
        maxSurge.filter(number -> number < 1 || number > ServiceSpec.MAX_REPLICAS)
                .ifPresent(number -> {
                    throw new BrockerException.Invalid(
                                    "invalid-deploy",
                                    "\"" + number + "\" is not a number of replicas",
                                    "write 1 to " + ServiceSpec.MAX_REPLICAS)
                            .at("max-surge");
                });
    }

    public int maxSurgeOrDefault() {
        return maxSurge.orElse(1);
    }

    public boolean rollbackOnFailureOrDefault() {
        return rollbackOnFailure.orElse(true);
    }
}
