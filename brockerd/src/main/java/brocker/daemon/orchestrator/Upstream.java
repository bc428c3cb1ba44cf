package brocker.daemon.orchestrator;

import brocker.spec.Cidr;

/** A container that the proxy sends requests to. */
public record Upstream(int address, int port) {
    @Override
    public String toString() {
        return Cidr.dotted(address) + ":" + port;
    }
}
