package brocker.daemon.file;

import brocker.spec.ContainerName;
import java.nio.file.Path;

/**
 * Where things lie on the host. What waits to be removed lies in {@code .removing}, beside the containers' own and beside the records.
 *
 * @param containers {@code /container}: one directory a container, which it sees as {@code /app}
 * @param state what outlives a reboot
 * @param run what does not
 */
public record Directories(Path containers, Path state, Path run) {
    /** The directory that a container sees as {@code /app}. */
    public Path app(ContainerName name) {
        return containers.resolve(name.value());
    }

    /** Where what containers change of roots of their own lies, open to root alone: on the file system that their files are on. */
    public Path layers() {
        return containers.resolve(".layers");
    }

    /** All records. */
    public Path records() {
        return state.resolve("containers");
    }

    /** Where {@code brocker-run} writes a container's log and exit record, out of the container's reach. */
    public Path record(ContainerName name) {
        return records().resolve(name.value());
    }

    public Path artifacts() {
        return state.resolve("artifacts");
    }
}
