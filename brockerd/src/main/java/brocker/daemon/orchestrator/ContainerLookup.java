package brocker.daemon.orchestrator;

import brocker.daemon.record.Failures;
import brocker.spec.BrockerException;
import brocker.spec.ContainerName;
import brocker.spec.ServiceName;
import brocker.spec.wire.Role;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the containers that users name, among those of all services. Thread-safe. */
record ContainerLookup(Services services) {
    /**
     * Resolves a prefix to the name of the one container that has it, living or ended.
     *
     * @throws BrockerException.NotFound if there is none
     * @throws BrockerException.Invalid if there are several
     */
    ContainerName resolve(String prefix) {
        List<ContainerName> matches = ContainerName.isPrefix(prefix)
                ? services.all()
                        .flatMap(service -> service.containers().names().stream())
                        .filter(name -> name.value().startsWith(prefix))
                        .toList()
                : List.of();
        if (matches.isEmpty()) {
            throw Failures.containerNotFound(prefix);
        }
        if (matches.size() > 1) {
            throw new BrockerException.Invalid(
                    "ambiguous-container-name",
                    "\"" + prefix + "\" is ambiguous: "
                            + matches.stream()
                                    .limit(4)
                                    .map(name -> "\"" + name.abbreviated() + "\"")
                                    .collect(Collectors.joining(", "))
                            + (matches.size() > 4 ? " and " + (matches.size() - 4) + " more" : ""),
                    "write more digits");
        }
        return matches.getFirst();
    }

    /**
     * Resolves a prefix to the name of a container that is not broken.
     *
     * @throws BrockerException.Conflict if it is broken
     */
    ContainerName sound(String prefix) {
        ContainerName name = resolve(prefix);
        keeper(name).containers().requireSound(name);
        return name;
    }

    /**
     * Finds the service of a container that is not its proxy: the service alone decides when its proxy starts and stops.
     *
     * @throws BrockerException.Conflict if it is the proxy
     */
    ManagedService owner(ContainerName name) {
        ManagedService service = keeper(name);
        member(service, name).filter(member -> member.is(Role.PROXY)).ifPresent(_ -> {
            ServiceName proxied = service.record().name();
            throw new BrockerException.Conflict(
                    "container-is-proxy",
                    "the container \"" + name.abbreviated() + "\" is the proxy of the service \"" + proxied + "\"",
                    service.record().ingress()
                            ? "it leaves with the last service that has \"hosts\" there"
                            : "it leaves with its service: brocker-client service remove " + proxied);
        });
        return service;
    }

    /** Finds the service of any container. */
    ManagedService keeper(ContainerName name) {
        return services.all()
                .filter(service -> service.containers().names().contains(name))
                .findFirst()
                .orElseThrow(() -> Failures.containerNotFound(name.value()));
    }

    /** Finds a container that has not ended. */
    Optional<Member> living(ContainerName name) {
        return services.all().flatMap(service -> member(service, name).stream()).findFirst();
    }

    private static Optional<Member> member(ManagedService service, ContainerName name) {
        return service.containers().living().stream()
                .filter(member ->
                        member.record().name().equals(name) && member.record().alive())
                .findFirst();
    }
}
