package brocker.daemon.port;

import brocker.spec.Cidr;

/**
 * A container that the proxy sends requests to.
 *
 * @param fresh whether it came so lately that it is still slow to answer
 */
public record Upstream(int address, int port, boolean fresh) {
    @Override
    public String toString() {
        return Cidr.dotted(address) + ":" + port;
    }
}
