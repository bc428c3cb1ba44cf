package brocker.daemon.allocation;

import brocker.daemon.record.ServiceRecord;
import brocker.spec.BrockerException;
import brocker.spec.HostName;
import brocker.spec.Hosting;
import brocker.spec.Hosting.Protocol;
import brocker.spec.PathPrefix;
import brocker.spec.Publish;
import brocker.spec.ServiceName;
import java.util.List;
import java.util.stream.Stream;

/** What a service has of the host's addresses and names, also by the deployment that is under way; pure. */
public record Claims(ServiceName service, List<Hosting> hostings) {
    public Claims {
        hostings = List.copyOf(hostings);
    }

    public static Claims of(ServiceRecord record) {
        return new Claims(
                record.name(),
                Stream.concat(
                                Stream.of(record.spec().hosting()),
                                record.deploying().stream()
                                        .map(revision -> revision.spec().hosting()))
                        .toList());
    }

    /**
     * Makes sure that another service may have this.
     *
     * @throws BrockerException.Conflict when both cannot be
     */
    public void requireFree(Hosting wanted) {
        for (Hosting taken : hostings) {
            for (Publish address : wanted.publish()) {
                for (Publish other : taken.publish()) {
                    if (address.collides(other)) {
                        requireShared(wanted, address, taken, other);
                    }
                }
            }
        }
    }

    private void requireShared(Hosting wanted, Publish address, Hosting taken, Publish other) {
        boolean both = !wanted.hosts().isEmpty() && !taken.hosts().isEmpty();
        if (!both || !address.equals(other)) {
            throw new BrockerException.Conflict(
                    "port-taken",
                    "cannot publish on \"" + address + "\": the service \"" + service + "\" is published on \"" + other
                            + "\"" + how(wanted, taken),
                    hint(wanted, taken, other));
        }
        requireSameProtocol(wanted.at(address), address, taken.at(address));
        for (HostName host : wanted.hosts()) {
            for (PathPrefix path : wanted.pathsOrAll()) {
                if (taken.hosts().contains(host) && taken.pathsOrAll().contains(path)) {
                    throw new BrockerException.Conflict(
                            "host-taken",
                            "cannot serve \"" + host + (path.equals(PathPrefix.ALL) ? "" : path) + "\" on \"" + address
                                    + "\": the service \"" + service + "\" does",
                            "choose another host, or other \"paths\"");
                }
            }
        }
    }

    private void requireSameProtocol(Protocol wanted, Publish address, Protocol taken) {
        boolean encrypted = wanted instanceof Protocol.Encrypted;
        if (encrypted != taken instanceof Protocol.Encrypted) {
            throw new BrockerException.Conflict(
                    "protocol-conflict",
                    "cannot publish " + (encrypted ? "with" : "without") + " \"tls\" on \"" + address
                            + "\": the service \"" + service + "\" is published there "
                            + (encrypted ? "without" : "with"),
                    encrypted ? "choose another address for TLS" : "give \"tls\" as well, or choose another address");
        }
    }

    private static String how(Hosting wanted, Hosting taken) {
        if (wanted.hosts().isEmpty() == taken.hosts().isEmpty()) {
            return "";
        }
        return taken.hosts().isEmpty() ? " without \"hosts\"" : " with \"hosts\"";
    }

    private String hint(Hosting wanted, Hosting taken, Publish other) {
        if (wanted.hosts().isEmpty() && taken.hosts().isEmpty()) {
            return "choose another port, or give both \"hosts\" to share it";
        }
        if (wanted.hosts().isEmpty()) {
            return "give \"hosts\" as well to share it, or choose another port";
        }
        return taken.hosts().isEmpty()
                ? "choose another port; \"" + service + "\" would have to be added with \"hosts\" to share it"
                : "share the same address, \"" + other + "\"";
    }
}
