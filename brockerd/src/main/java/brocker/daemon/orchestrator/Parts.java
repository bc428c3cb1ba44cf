package brocker.daemon.orchestrator;

import brocker.kernel.ProcessIdentity;
import brocker.runtime.ContainerRuntime;

/** What every service works with. */
record Parts(
        Store store,
        Proxy proxy,
        Names names,
        Launcher launcher,
        VethNumbers veths,
        String bootId,
        Services services,
        IngressSockets ingressSockets) {
    static Parts of(
            ContainerRuntime runtime,
            Store store,
            Proxy proxy,
            Names names,
            Directories directories,
            Artifacts artifacts) {
        return new Parts(
                store,
                proxy,
                names,
                new Launcher(runtime, directories, artifacts),
                new VethNumbers(),
                ProcessIdentity.bootId(),
                new Services(),
                IngressSockets.in(directories.run()));
    }

    /** What is to come of a container that has ended. */
    RestartRule rule(ContainerRecord ended) {
        return new RestartRule(ended, bootId);
    }
}
