package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.spec.ContainerName;
import java.util.Optional;

/** A replica of a service, as far as those care who watch it come and go. */
record Replica(ContainerName name, long revision, String phase, String reason) {
    /** The replica that the daemon speaks of; empty for other containers, and those of other services. */
    static Optional<Replica> of(Answer view, String service) {
        if (!view.text("service").equals(service) || !view.text("role").equals("replica")) {
            return Optional.empty();
        }
        String reason = view.optionalText("reason").orElse("");
        return Optional.of(new Replica(
                view.containerName(), view.optionalNumber("revision").orElse(0L), phase(view), reason));
    }

    boolean isGone() {
        return phase.equals("gone");
    }

    boolean isHealthy() {
        return phase.equals("healthy");
    }

    /** {@code starting} until something listens, {@code probing} until the proxy sends it requests. */
    private static String phase(Answer view) {
        return switch (view.text("state")) {
            case "stopping" -> "draining";
            case "exited" -> "gone";
            case "restarting" -> "restarting";
            default -> {
                String health = view.optionalText("health").orElse("starting");
                // Healthy, and the proxy is about to be told.
                yield view.flag("ready") || !health.equals("healthy") ? health : "probing";
            }
        };
    }
}
