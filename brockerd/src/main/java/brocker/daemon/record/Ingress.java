package brocker.daemon.record;

import brocker.spec.BrockerException;
import brocker.spec.Publish;
import brocker.spec.ServiceName;
import brocker.spec.ServiceSpec;
import brocker.spec.json.Json;
import java.util.Map;

/** The services that Brocker makes itself: one for each address that services with hosts share. Pure. */
public final class Ingress {
    private static final String PREFIX = "ingress-";

    private Ingress() {}

    /** What the ingress of an address is called: {@code ingress-80} for all addresses of the host, otherwise with the address. */
    public static ServiceName name(Publish address) {
        String host =
                address.address().equals("0.0.0.0") ? "" : address.address().replace('.', '-') + "-";
        return new ServiceName(PREFIX + host + address.port());
    }

    public static ServiceSpec spec(Publish address) {
        return Json.read("ingress", Json.write(Map.of("name", name(address), "publish", address)), ServiceSpec.class);
    }

    /** Whether it is an ingress; nothing else may be called so. */
    public static boolean is(ServiceSpec spec) {
        return spec.publish().size() == 1
                && spec.hosts().isEmpty()
                && spec.name().equals(name(spec.publish().getFirst()));
    }

    /**
     * Makes sure that a user's service is not called as only an ingress may be.
     *
     * @throws BrockerException.Invalid when it is
     */
    public static void requireOther(ServiceName name) {
        if (name.value().startsWith(PREFIX)) {
            throw new BrockerException.Invalid(
                    "reserved-service-name",
                    "\"" + name + "\" cannot be the name of a service: names that begin with \"" + PREFIX
                            + "\" are Brocker's own",
                    "choose another name");
        }
    }

    /**
     * Makes sure that a service is one of the user's, who alone changes it.
     *
     * @throws BrockerException.Conflict when it is an ingress
     */
    public static void requireNot(ServiceRecord service) {
        if (service.ingress()) {
            throw new BrockerException.Conflict(
                    "service-is-ingress",
                    "the service \"" + service.name() + "\" is the ingress of \""
                            + service.spec().publish().getFirst() + "\", which Brocker makes and removes itself",
                    "it leaves with the last service that has \"hosts\" there");
        }
    }
}
