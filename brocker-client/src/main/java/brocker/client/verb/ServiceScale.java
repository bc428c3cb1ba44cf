package brocker.client.verb;

import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Option;
import brocker.client.line.Syntax;
import brocker.client.line.WrongUsage;
import brocker.spec.BrockerException;
import brocker.spec.ServiceSpec;
import brocker.spec.Timespan;
import brocker.spec.wire.ScaleRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** {@code service scale}: changes how many replicas a service has, and returns when there are as many, all healthy. */
public final class ServiceScale implements Verb {
    private static final Option TIMEOUT = Option.valued("--timeout", "D", "do not wait longer than this (2m)");
    private static final Operands OPERANDS = new Operands("NAME N", 2, 2, Integer.MAX_VALUE);

    @Override
    public Syntax syntax() {
        return new Syntax(
                "service scale",
                "change the number of replicas",
                List.of(TIMEOUT),
                OPERANDS,
                "brocker-client service scale shop 5");
    }

    @Override
    public int run(Session session) {
        String name = session.arguments().operand(0);
        int replicas = number(session.arguments().operand(1));
        Duration timeout = timeout(session);
        Daemon daemon = session.daemon();
        Rollout rollout = new Rollout(session, daemon, name);
        rollout.begin();
        daemon.post("/services/" + Daemon.segment(name) + "/scale", new ScaleRequest(replicas));
        Instant end = session.shell().clock().instant().plus(timeout);
        Rollout.Look last = rollout.until(look ->
                isDone(look, replicas) || session.shell().clock().instant().isAfter(end));
        if (session.json()) {
            session.printJson(last.json());
        }
        if (!isDone(last, replicas)) {
            String reasons = last.living().stream()
                    .filter(replica -> !replica.isHealthy())
                    .map(replica -> "\"" + replica.name().abbreviated() + "\" " + replica.phase()
                            + (replica.reason().isEmpty() ? "" : ": " + replica.reason()))
                    .findFirst()
                    .orElse("replicas are missing");
            throw new BrockerException.Conflict(
                    "not-done",
                    "\"" + name + "\" does not have " + replicas + " healthy replicas within " + new Timespan(timeout)
                            + ": " + reasons,
                    "brockerd goes on; see how: brocker-client service status " + name);
        }
        if (!session.json() && !session.quiet()) {
            session.stdout().println(name + ": " + replicas + "/" + replicas + " ready");
        }
        return 0;
    }

    private static boolean isDone(Rollout.Look look, int replicas) {
        List<Replica> living = look.living();
        return living.size() == replicas && living.stream().allMatch(Replica::isHealthy);
    }

    private static int number(String text) {
        try {
            int number = Integer.parseInt(text);
            ServiceSpec.requireReplicas(number);
            return number;
        } catch (NumberFormatException _) {
            throw new WrongUsage(
                    "\"" + text + "\" is not a number of replicas", "write 1 to " + ServiceSpec.MAX_REPLICAS);
        } catch (BrockerException.Invalid e) {
            throw new WrongUsage(e.message(), e.hint().orElse(""));
        }
    }

    private static Duration timeout(Session session) {
        try {
            return session.arguments()
                    .value(TIMEOUT)
                    .map(Timespan::parse)
                    .map(Timespan::duration)
                    .orElse(Duration.ofMinutes(2));
        } catch (BrockerException.Invalid e) {
            throw new WrongUsage("--timeout: " + e.message(), e.hint().orElse(""));
        }
    }
}
