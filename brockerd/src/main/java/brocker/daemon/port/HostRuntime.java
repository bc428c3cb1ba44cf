package brocker.daemon.port;

import brocker.daemon.record.ContainerRecord;
import brocker.runtime.Container;
import brocker.runtime.ExecSession;
import brocker.runtime.cgroup.CpuWeight;
import brocker.spec.ContainerLimits;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.wire.ContainerStats;
import brocker.spec.wire.ExecRequest;
import java.util.List;
import java.util.Optional;

/** Makes the containers of this host, finds them again, and cleans up after them. Its methods block. Thread-safe. */
public interface HostRuntime {
    /** Identifies the present boot, see {@code random(4)}. */
    String bootId();

    /**
     * Fails fast on a container that cannot be started here.
     *
     * @throws brocker.spec.BrockerException.Invalid naming the first setting that this host cannot hold
     */
    void require(ContainerSpec spec);

    /** The same for limits alone. */
    void require(ContainerLimits limits);

    /** Makes a container's directories, with the artifacts that it is to find in {@code /app}. */
    void prepare(ContainerRecord container);

    /**
     * Starts a container whose directories are there, and returns once its command was executed. A failure leaves nothing else of it on the
     * host. A replica yields the processors from now on.
     */
    Container start(StartRequest request);

    /** Finds a container again that an earlier daemon started; empty where it has ended. */
    Optional<Container> find(ContainerRecord container);

    /** Runs one more command in a container; the caller closes the session. */
    ExecSession exec(ContainerRecord record, Container container, ExecRequest request);

    /** A way into a container's network; the caller closes it. */
    Connector connector(Container container);

    /** Sets the limits that a container's record has. */
    void limit(ContainerRecord container);

    /** How a container shares the processors with the others; best effort. */
    void weigh(ContainerRecord container, CpuWeight weight);

    /** How many of a container's processes the kernel has killed for lack of memory, as long as its control group is there. */
    long oomKills(ContainerName container);

    /** The resource usage of those that run, in their order. */
    List<ContainerStats> stats(List<ContainerRecord> containers);

    /** Kills every process that still runs in a container's control group. */
    void killRest(ContainerName container);

    /**
     * Removes what the kernel holds of a container that has ended.
     *
     * @param hostEnd of its veth pair, if that is known
     */
    void release(ContainerName container, Optional<String> hostEnd);
}
