package brocker.daemon.orchestrator;

import brocker.daemon.allocation.IngressSockets;
import brocker.daemon.allocation.VethNumbers;
import brocker.daemon.event.EventDraft;
import brocker.daemon.fault.Faults;
import brocker.daemon.health.Probes;
import brocker.daemon.plan.RestartRule;
import brocker.daemon.port.Bridges;
import brocker.daemon.port.ContainerFiles;
import brocker.daemon.port.Groups;
import brocker.daemon.port.HostRuntime;
import brocker.daemon.port.Names;
import brocker.daemon.port.Proxy;
import brocker.daemon.port.Store;
import brocker.daemon.record.ContainerRecord;
import brocker.spec.BrockerException;
import brocker.spec.wire.EventDetails;
import brocker.spec.wire.EventType;

/** What every service works with. */
record Parts(
        Store store,
        Proxy proxy,
        Names names,
        HostRuntime runtime,
        ContainerFiles files,
        Bridges bridges,
        Groups groups,
        Probes probes,
        VethNumbers veths,
        Services services,
        IngressSockets ingressSockets,
        Faults faults) {
    private static final System.Logger LOG = System.getLogger(Parts.class.getName());

    /** Notes what the next daemon would find out by itself, where it can be noted. */
    void mention(ContainerRecord record) {
        try {
            store.intend(record);
        } catch (BrockerException.Host e) {
            LOG.log(System.Logger.Level.WARNING, "container \"" + record.name().abbreviated() + "\": " + e.message());
        }
    }

    /** Writes an event that comes of no change of a record; best effort. */
    void mention(EventType type, ContainerRecord container, String reason) {
        try {
            store.note(EventDraft.of(
                    type, container, EventDetails.of(container.role()).withReason(reason)));
        } catch (BrockerException.Host e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "container \"" + container.name().abbreviated() + "\": " + e.message());
        }
    }

    /** What is to come of a container that has ended. */
    RestartRule rule(ContainerRecord ended) {
        return new RestartRule(ended, runtime.bootId());
    }
}
