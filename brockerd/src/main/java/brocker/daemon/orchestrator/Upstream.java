package brocker.daemon.orchestrator;

import brocker.spec.Cidr;

/**
 * A container that the proxy sends requests to.
 *
 * @param fresh whether it has received none yet, and is still slow to answer
 */
public record Upstream(int address, int port, boolean fresh) {
    @Override
    public String toString() {
        return Cidr.dotted(address) + ":" + port;
    }
}
