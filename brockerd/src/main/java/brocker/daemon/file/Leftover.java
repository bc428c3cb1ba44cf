package brocker.daemon.file;

import brocker.spec.BrockerException;
import brocker.spec.ContainerName;
import brocker.spec.ServiceName;
import java.util.Locale;
import java.util.Optional;

/**
 * A directory of a forgotten container, known by the name that it has where it waits to be removed: {@code NAME.SERVICE.app}.
 *
 * @param service that the container belonged to, which may be gone as well
 */
public record Leftover(ContainerName container, ServiceName service, Part part) {
    /** What a container has on the host. */
    enum Part {
        /** The log and the exit record; the first to go, as a container without is forgotten. */
        RECORD,
        /** What it has changed of a root of its own. */
        LAYERS,
        /** What it saw as {@code /app}. */
        APP
    }

    /** Reads what {@link #entry} gave; nothing where it did not. */
    static Optional<Leftover> parse(String entry) {
        String[] parts = entry.split("\\.", -1);
        try {
            return parts.length == 3
                    ? Optional.of(new Leftover(
                            new ContainerName(parts[0]),
                            new ServiceName(parts[1]),
                            Part.valueOf(parts[2].toUpperCase(Locale.ROOT))))
                    : Optional.empty();
        } catch (BrockerException.Invalid | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Its name among the directories that are to be removed. */
    String entry() {
        return container + "." + service + "." + part.name().toLowerCase(Locale.ROOT);
    }
}
