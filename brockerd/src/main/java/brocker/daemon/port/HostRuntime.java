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

    /** Fails fast on limits that this host cannot hold. */
    void require(ContainerLimits limits);

    /** Makes a container's directories, and copies its artifacts to {@code /app}. */
    void prepare(ContainerRecord container);

    /**
     * Starts a container whose directories are there, and returns once its command was executed. A failure leaves nothing else of it on the
     * host. A replica yields the processors from now on.
     */
    Container start(StartRequest request);

    /** Finds a container that an earlier daemon started; empty if it has ended. */
    Optional<Container> find(ContainerRecord container);

    /** Runs one more command in a container; the caller closes the session. */
    ExecSession exec(ContainerRecord record, Container container, ExecRequest request);

    /** A way into a container's network; the caller closes it. */
    Connector connector(Container container);

    /** Sets the limits that a container's record has. */
    void limit(ContainerRecord container);

    /** Sets a container's share of the processors; best effort. */
    void weigh(ContainerRecord container, CpuWeight weight);

    /** Counts the out-of-memory kills in a container; 0 once its control group is gone. */
    long oomKills(ContainerName container);

    /** Returns the resource usage of the containers that are running, in the order given. */
    List<ContainerStats> stats(List<ContainerRecord> containers);

    /** Kills every process that still runs in a container's control group. */
    void killRest(ContainerName container);

    /**
     * Removes the host end and the control group of a container that has ended.
     *
     * @param hostEnd of its veth pair, if known
     */
    void release(ContainerName container, Optional<String> hostEnd);
}
