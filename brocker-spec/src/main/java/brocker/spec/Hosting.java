package brocker.spec;

import java.util.HashSet;
import java.util.List;

/**
 * By which names and paths a service is reached where it shares its addresses with others.
 *
 * <p>With certificates every address speaks TLS but those of port 80, which send clients to one that does.
 *
 * @param publish the addresses
 * @param hosts none where it shares nothing
 * @param paths none stands for all
 */
public record Hosting(List<Publish> publish, List<HostName> hosts, List<PathPrefix> paths, List<Tls> tls) {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    public Hosting {
        publish = List.copyOf(publish);
        hosts = List.copyOf(hosts);
        paths = List.copyOf(paths);
        tls = List.copyOf(tls);
        requireDistinct("hosts", hosts);
        requireDistinct("paths", paths);
        if (hosts.isEmpty()) {
            requireNone("paths", paths);
            requireNone("tls", tls);
        } else if (publish.isEmpty()) {
            throw invalid("hosts", "\"hosts\" are given but nothing is published", "add \"publish\": [\"0.0.0.0:80\"]");
        }
        if (!tls.isEmpty()) {
            requireCertificates(hosts, tls);
            if (publish.stream().allMatch(address -> address.port() == HTTP)) {
                throw invalid(
                        "tls",
                        "\"tls\" is given but only port 80 is published, which does not speak it",
                        "add an address for it: \"publish\": [\"0.0.0.0:80\", \"0.0.0.0:443\"]");
            }
        }
    }

    /** What is there for clients that speak in the clear to an address, or TLS. */
    public sealed interface Protocol {
        record Plain() implements Protocol {}

        record Encrypted() implements Protocol {}

        /**
         * Clients are sent to HTTPS.
         *
         * @param port the one there
         */
        record Redirect(int port) implements Protocol {}
    }

    /** What is spoken at one of the addresses. */
    public Protocol at(Publish address) {
        if (tls.isEmpty()) {
            return new Protocol.Plain();
        }
        if (address.port() != HTTP) {
            return new Protocol.Encrypted();
        }
        List<Integer> encrypted =
                publish.stream().map(Publish::port).filter(port -> port != HTTP).toList();
        return new Protocol.Redirect(encrypted.contains(HTTPS) ? HTTPS : encrypted.getFirst());
    }

    /** The paths, of which there is always one. */
    public List<PathPrefix> pathsOrAll() {
        return paths.isEmpty() ? List.of(PathPrefix.ALL) : paths;
    }

    /** The certificate of one of the hosts, where there are any. */
    public Tls certificate(HostName host) {
        return tls.stream().filter(entry -> entry.covers(host)).findFirst().orElseThrow();
    }

    private static void requireCertificates(List<HostName> hosts, List<Tls> tls) {
        for (Tls entry : tls) {
            for (HostName host : entry.hosts()) {
                if (!hosts.contains(host)) {
                    throw invalid("tls", "\"" + host + "\" is not among the \"hosts\"", "add it there");
                }
            }
        }
        for (HostName host : hosts) {
            long covering = tls.stream().filter(entry -> entry.covers(host)).count();
            if (covering != 1) {
                throw invalid(
                        "tls",
                        "the host \"" + host + "\" has "
                                + (covering == 0 ? "no certificate" : covering + " certificates"),
                        "name each host in \"hosts\" of exactly one certificate");
            }
        }
    }

    private static void requireNone(String key, List<?> values) {
        if (!values.isEmpty()) {
            throw invalid(key, "\"" + key + "\" needs \"hosts\"", "name the hosts: \"hosts\": [\"shop.example\"]");
        }
    }

    private static void requireDistinct(String key, List<?> values) {
        for (int i = 0; i < values.size(); i++) {
            if (new HashSet<>(values.subList(0, i)).contains(values.get(i))) {
                throw invalid(key, "\"" + values.get(i) + "\" is named twice", "");
            }
        }
    }

    private static BrockerException.Invalid invalid(String key, String message, String hint) {
        return new BrockerException.Invalid("invalid-" + key, message, hint).at(key);
    }
}
