package brocker.daemon.port;

import brocker.daemon.record.ContainerRecord;
import brocker.runtime.process.ExitRecord;
import brocker.spec.ContainerName;
import brocker.spec.ServiceName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The files of containers on disk: logs, exit records, and their own files. Its methods block. Thread-safe. */
public interface ContainerFiles {
    /** Whether the files of an ended container exist; if not, its removal had begun. */
    boolean keeps(ContainerRecord container);

    /** Schedules a container's files for removal in the background. */
    void forget(ContainerName container, ServiceName service);

    /** The files of a service's containers that cannot be removed, a sentence each. */
    List<String> problems(ServiceName service);

    /** Reads the exit record that a container's init process wrote; empty if there is none that can be read. */
    Optional<ExitRecord> exitRecord(ContainerName container);

    /** The last lines that a container wrote, as far as they are among the last 64 KiB of its log. */
    List<String> lastLines(ContainerRecord container, int number);

    /** The directory that holds a container's log, see {@code brocker-run/PROTOCOL.md}. */
    Path logDirectory(ContainerName container);
}
