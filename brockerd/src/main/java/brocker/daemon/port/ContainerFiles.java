package brocker.daemon.port;

import brocker.daemon.record.ContainerRecord;
import brocker.runtime.process.ExitRecord;
import brocker.spec.ContainerName;
import brocker.spec.ServiceName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What containers have on disk: logs, exit records, what they wrote themselves. Its methods block. Thread-safe. */
public interface ContainerFiles {
    /** Whether an ended container's files are there; where they are not, it was being forgotten. */
    boolean keeps(ContainerRecord container);

    /** Gives up a container's files, which are removed in the background. */
    void forget(ContainerName container, ServiceName service);

    /** What cannot be removed of a service's containers, a sentence each. */
    List<String> problems(ServiceName service);

    /** How a container ended, as its init process wrote it; empty where there is no record that can be read. */
    Optional<ExitRecord> exitRecord(ContainerName container);

    /** The last lines that a container wrote, as far as they are among the last 64 KiB of its log. */
    List<String> lastLines(ContainerRecord container, int number);

    /** The directory that holds a container's log, see {@code brocker-run/PROTOCOL.md}. */
    Path logDirectory(ContainerName container);
}
