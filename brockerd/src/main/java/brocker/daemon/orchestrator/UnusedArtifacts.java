package brocker.daemon.orchestrator;

import brocker.daemon.file.Artifacts;
import brocker.spec.Artifact;
import brocker.spec.ContainerSpec;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Artifacts that no revision and no living container names. Thread-safe. */
final class UnusedArtifacts {
    private final Artifacts artifacts;
    private final Services services;
    private volatile boolean allKnown;

    UnusedArtifacts(Artifacts artifacts, Services services) {
        this.artifacts = artifacts;
        this.services = services;
    }

    /** Everything in the store could be read; until this is said nothing is removed, as something unread may name it. */
    void allAreKnown() {
        allKnown = true;
    }

    /** @param unusedFor what was uploaded or asked for since stays: a client may be about to name it */
    void remove(Duration unusedFor) {
        if (!allKnown) {
            return;
        }
        Stream<ContainerSpec> templates = services.all()
                .flatMap(service -> service.record().revisions().stream())
                .flatMap(revision -> revision.spec().container().stream());
        Stream<ContainerSpec> living = services.all()
                .flatMap(service -> service.containers().living().stream())
                .map(member -> member.record().spec());
        artifacts.retain(
                Stream.concat(templates, living)
                        .flatMap(spec -> spec.artifacts().stream())
                        .map(Artifact::sha256)
                        .collect(Collectors.toSet()),
                unusedFor);
    }
}
