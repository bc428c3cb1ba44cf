package brocker.daemon.port;

/** This host, as far as containers change it. */
public record Host(HostRuntime runtime, ContainerFiles files, Bridges bridges, Groups groups) {}
