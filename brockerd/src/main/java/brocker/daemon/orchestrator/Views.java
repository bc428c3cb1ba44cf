package brocker.daemon.orchestrator;

import brocker.spec.wire.ContainerState;
import brocker.spec.wire.ContainerView;
import java.util.Optional;

/** Records as their users see them. */
final class Views {
    private Views() {}

    static ContainerView of(
            ContainerRecord record, ContainerState state, boolean ready, Optional<Integer> pid, String reason) {
        return new ContainerView(
                record.name(),
                record.service(),
                record.role(),
                state,
                ready,
                record.dottedAddress(),
                record.hostEnd(),
                pid,
                record.spec().command().arguments(),
                record.created(),
                record.start().map(ContainerRecord.Start::at),
                record.end().map(ContainerRecord.End::at),
                record.end().map(ContainerRecord.End::code),
                reason.isEmpty() ? Optional.empty() : Optional.of(reason));
    }

    static ContainerView ended(ContainerRecord record) {
        return of(
                record,
                ContainerState.EXITED,
                false,
                Optional.empty(),
                record.end().map(ContainerRecord.End::reason).orElse(""));
    }
}
