package brocker.daemon.port;

/** The ports to the kernel and the disk of this host. */
public record Host(HostRuntime runtime, ContainerFiles files, Bridges bridges, Groups groups) {}
