package brocker.daemon.orchestrator;

import brocker.spec.BrockerException;

/** What every service works with. */
record Parts(
        Store store,
        Proxy proxy,
        Names names,
        Launcher launcher,
        VethNumbers veths,
        String bootId,
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

    /** What is to come of a container that has ended. */
    RestartRule rule(ContainerRecord ended) {
        return new RestartRule(ended, bootId);
    }
}
