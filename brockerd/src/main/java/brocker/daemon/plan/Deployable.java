package brocker.daemon.plan;

import brocker.daemon.record.Revision;
import brocker.daemon.record.ServiceRecord;
import brocker.spec.BrockerException;
import brocker.spec.ContainerSpec;
import brocker.spec.ServiceSpec;
import brocker.spec.wire.RevisionState;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a service can be changed to; pure. */
public final class Deployable {
    private Deployable() {}

    /**
     * The template of a specification that a service can be changed to.
     *
     * @throws BrockerException.Invalid when it is another service's, has no template, or changes what the service was made with
     */
    public static ContainerSpec of(ServiceRecord service, ServiceSpec next) {
        ServiceSpec now = service.spec();
        if (!next.name().equals(now.name())) {
            throw new BrockerException.Invalid(
                    "other-service",
                    "the specification is of the service \"" + next.name() + "\", not of \"" + now.name() + "\"",
                    "");
        }
        next.bridgeIp()
                .filter(address -> !address.equals(service.address()))
                .ifPresent(address -> unchangeable("bridge-ip", service.address(), address));
        require("publish", now.publish(), next.publish());
        if (now.hosts().isEmpty() != next.hosts().isEmpty()) {
            unchangeable("hosts", now.hosts(), next.hosts());
        }
        require("egress", now.egress(), next.egress());
        require("host-access", now.hostAccess(), next.hostAccess());
        return next.container()
                .orElseThrow(() -> new BrockerException.Invalid(
                        "missing-template",
                        "there is no \"container\" to deploy",
                        "add the template: a container file without \"service-name\""));
    }

    /**
     * The revision to go back to.
     *
     * @throws BrockerException.NotFound when there is none
     */
    public static Revision earlier(ServiceRecord service, Optional<Integer> to) {
        if (to.isPresent()) {
            Revision wanted = service.revision(to.get()).orElseThrow(() -> none(service, "revision " + to.get()));
            if (wanted.state() == RevisionState.ACTIVE) {
                throw new BrockerException.Conflict(
                        "revision-active",
                        "revision " + to.get() + " of \"" + service.name() + "\" is the active one",
                        "");
            }
            return wanted;
        }
        return service.revisions().stream()
                .filter(revision -> revision.state() == RevisionState.SUPERSEDED)
                .max(Comparator.comparing(Revision::changed))
                .orElseThrow(() -> none(service, "earlier revision"));
    }

    private static BrockerException.NotFound none(ServiceRecord service, String what) {
        String known = service.revisions().stream()
                .map(revision -> revision.number() + " (" + revision.state().text() + ")")
                .collect(Collectors.joining(", "));
        return new BrockerException.NotFound(
                "revision-not-found",
                "there is no " + what + " of \"" + service.name() + "\"",
                known.isEmpty() ? "it was never deployed" : "known: " + known);
    }

    private static void require(String key, Object now, Object next) {
        if (!now.equals(next)) {
            unchangeable(key, now, next);
        }
    }

    private static void unchangeable(String key, Object now, Object next) {
        throw new BrockerException.Invalid(
                "unchangeable",
                "\"" + key + "\" cannot be changed from \"" + now + "\" to \"" + next + "\" by a deployment",
                "write it as it was, or remove the service and add it again");
    }
}
