package brocker.client.verb;

import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Option;
import brocker.client.line.Syntax;
import brocker.client.line.WrongUsage;
import brocker.spec.wire.RollbackRequest;
import java.util.List;
import java.util.Optional;

/** {@code service rollback}: changes a service back to an earlier revision, as carefully as a deployment. */
public final class ServiceRollback implements Verb {
    private static final Option TO =
            Option.valued("--to", "REVISION", "the number of a revision (the one that was active before)");

    @Override
    public Syntax syntax() {
        return new Syntax(
                "service rollback",
                "go back to an earlier revision, without dropping a request",
                List.of(TO),
                Operands.NAME,
                "brocker-client service rollback shop --to 3");
    }

    @Override
    public int run(Session session) {
        RollbackRequest request =
                new RollbackRequest(session.arguments().value(TO).map(ServiceRollback::number));
        String name = session.arguments().operand(0);
        Daemon daemon = session.daemon();
        Rollout rollout = new Rollout(session, daemon, name);
        rollout.begin();
        return ServiceDeploy.follow(
                session, rollout, daemon.post("/services/" + Daemon.segment(name) + "/rollback", request));
    }

    private static int number(String text) {
        return Optional.of(text)
                .filter(digits -> digits.matches("[1-9]\\d{0,8}"))
                .map(Integer::valueOf)
                .orElseThrow(() -> new WrongUsage("--to: \"" + text + "\" is not the number of a revision", ""));
    }
}
