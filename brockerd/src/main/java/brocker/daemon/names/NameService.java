package brocker.daemon.names;

import brocker.daemon.port.Names;
import brocker.daemon.record.ServiceRecord;
import brocker.runtime.network.HostNetwork;
import brocker.spec.BrockerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The names of all services, and a name server at each one's bridge. Thread-safe. */
public final class NameService implements Names, AutoCloseable {
    private final NameTable table = new NameTable();
    private final Map<String, Responder> responders = new ConcurrentHashMap<>();
    private final Forwarder forwarder;

    /** @param resolvConf the host's {@code resolv.conf(5)} */
    public NameService(Path resolvConf) {
        this.forwarder = new Forwarder(new HostServers(resolvConf)::all);
    }

    @Override
    public void add(ServiceRecord service) {
        String name = service.name().value();
        know(service);
        try {
            responders.put(
                    name,
                    Responder.open(
                            name,
                            service.bridge(),
                            service.address(),
                            service.spec().egress(),
                            new Answers(table),
                            forwarder));
        } catch (IOException e) {
            throw new BrockerException.Host(
                    "names-port-taken",
                    "cannot answer for names at \"" + service.address().address() + "\", port " + HostNetwork.NAMES_PORT
                            + ": " + e.getMessage(),
                    "let no other program listen on port " + HostNetwork.NAMES_PORT + " of every address");
        }
    }

    @Override
    public void know(ServiceRecord service) {
        table.put(service.name().value(), new NameTable.Entry(service.address(), service.proxyAddress()));
    }

    @Override
    public void remove(ServiceRecord service) {
        String name = service.name().value();
        table.remove(name);
        Responder responder = responders.remove(name);
        if (responder != null) {
            responder.close();
        }
    }

    @Override
    public void close() {
        responders.values().forEach(Responder::close);
    }
}
