package brocker.daemon.orchestrator;

import brocker.daemon.port.OutdatedProgram;
import brocker.daemon.port.ProxyControl;
import brocker.daemon.record.ContainerRecord;
import brocker.spec.ContainerName;
import brocker.spec.wire.EventType;
import brocker.spec.wire.Role;
import java.util.Optional;

/** The program that a service's proxy executes, compared with the installed one. Changed by one thread, read by any. */
final class ProxyProgram {
    private final Parts parts;
    private final Members members;
    private final ProxyKeeper proxy;
    private volatile Optional<Difference> last = Optional.empty();

    /**
     * What the last comparison has found.
     *
     * @param problem why the upgrade failed; empty if none has
     */
    private record Difference(ContainerName container, OutdatedProgram program, String problem) {}

    ProxyProgram(Parts parts, Members members, ProxyKeeper proxy) {
        this.parts = parts;
        this.members = members;
        this.proxy = proxy;
    }

    /** The container of the proxy; empty while there is none. */
    Optional<ContainerName> container() {
        return member().map(member -> member.record().name());
    }

    private Optional<Member> member() {
        return members.all().stream()
                .filter(member -> member.is(Role.PROXY) && member.stays())
                .findFirst();
    }

    /** Compares again, and writes an event if the result is another than before. Empty if both are the same, or there is no proxy. */
    Optional<OutdatedProgram> compare() {
        Optional<ContainerRecord> container = member().map(Member::record);
        Optional<OutdatedProgram> found = container.isEmpty() ? Optional.empty() : proxy.findOutdated();
        Optional<Difference> before = last.filter(difference -> isOf(difference, container));
        if (found.equals(before.map(Difference::program))) {
            return found;
        }
        last = container.flatMap(record -> found.map(program -> new Difference(record.name(), program, "")));
        container.ifPresent(record -> found.ifPresentOrElse(
                program -> parts.mention(EventType.CONTAINER_OUTDATED, record, program.text()),
                () -> parts.mention(EventType.CONTAINER_UPGRADED, record, "")));
        return found;
    }

    private static boolean isOf(Difference difference, Optional<ContainerRecord> container) {
        return container.map(ContainerRecord::name).equals(Optional.of(difference.container));
    }

    /**
     * See {@link ProxyControl#upgrade}; does nothing while there is no proxy. A failure is kept for {@link #warning}.
     *
     * @throws brocker.spec.BrockerException like there
     */
    void upgrade() throws InterruptedException {
        try {
            proxy.upgrade();
        } catch (RuntimeException e) {
            last = last.map(difference ->
                    new Difference(difference.container, difference.program, String.valueOf(e.getMessage())));
            throw e;
        }
        compare();
    }

    /** What users of the service should know of its proxy although it works. */
    Optional<String> warning() {
        Optional<ContainerName> current = container();
        return last.filter(difference -> current.equals(Optional.of(difference.container)))
                .map(difference -> difference.program.text()
                        + (difference.problem.isEmpty()
                                ? "; it will be upgraded automatically"
                                : "; it cannot be upgraded: " + difference.problem));
    }
}
