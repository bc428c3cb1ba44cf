package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Option;
import brocker.client.line.Syntax;
import brocker.client.text.Output;
import brocker.spec.BrockerException;
import brocker.spec.Escaped;
import brocker.spec.ServiceSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code service deploy}: changes a service to what the file says, and returns when that is done or was given up. */
public final class ServiceDeploy implements Verb {
    private static final Option WAIT =
            Option.toggle("", "--wait", "where another deployment is under way, deploy when it is done");
    private static final Duration EVERY = Duration.ofMillis(500);

    @Override
    public Syntax syntax() {
        return new Syntax(
                "service deploy",
                "roll a service to a new revision, without dropping a request",
                List.of(WAIT),
                Operands.FILE,
                "brocker-client service deploy shop.json");
    }

    @Override
    public int run(Session session) {
        Daemon daemon = session.daemon();
        ServiceSpec spec = ServiceAdd.uploaded(session, daemon);
        String name = spec.name().value();
        Rollout rollout = new Rollout(session, daemon, name);
        rollout.begin();
        return follow(session, rollout, begin(session, daemon, "/services/" + Daemon.segment(name) + "/deploy", spec));
    }

    private static String begin(Session session, Daemon daemon, String path, Object body) {
        boolean told = session.quiet();
        while (true) {
            try {
                return daemon.post(path, body);
            } catch (BrockerException e) {
                if (!session.arguments().has(WAIT) || !e.code().equals("deployment-under-way")) {
                    throw e;
                }
                if (!told) {
                    session.shell().stderr().println("waiting: " + Escaped.of(e.message()));
                    told = true;
                }
            }
            try {
                Thread.sleep(EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    /**
     * Follows what has begun.
     *
     * @param begun the service, as the daemon answered
     * @return 1 when it failed
     */
    static int follow(Session session, Rollout rollout, String begun) {
        Answer service = Answer.object(begun);
        long number = deploying(service)
                .orElseThrow(() -> new BrockerException.Host(
                        "unexpected-answer", "the daemon does not say what it deploys", "is it brockerd?"));
        Rollout.Look last = rollout.until(
                look -> !revision(look.service(), number).text("state").equals("deploying"));
        Answer ended = revision(last.service(), number);
        if (session.json()) {
            session.printJson(last.json());
        }
        if (ended.text("state").equals("failed")) {
            tellFailure(session, service.text("name"), ended);
            return 1;
        }
        if (!session.json() && !session.quiet()) {
            Answer now = last.service();
            ServiceAdd.warn(session, now);
            session.stdout()
                    .println(Escaped.of(service.text("name") + ": revision " + number + ", " + now.text("ready") + "/"
                            + now.text("desired") + " ready"));
        }
        return 0;
    }

    /** The number of the revision that a deployment under way leads to. */
    static Optional<Long> deploying(Answer service) {
        return service.objects("revisions").stream()
                .filter(revision -> revision.text("state").equals("deploying"))
                .map(revision -> revision.number("number"))
                .findFirst();
    }

    /** The first line of the reason is what was seen, the others are the end of the container's log. */
    private static void tellFailure(Session session, String name, Answer revision) {
        List<String> reason = revision.optionalText("reason").orElse("").lines().toList();
        String seen = reason.isEmpty() ? "" : ": " + reason.getFirst();
        Output stderr = session.shell().stderr();
        Session.tell(stderr, "revision " + revision.text("number") + " of \"" + name + "\" was given up" + seen, "");
        reason.stream().skip(1).forEach(line -> stderr.println("  | " + Escaped.line(line)));
    }

    private static Answer revision(Answer service, long number) {
        return service.objects("revisions").stream()
                .filter(revision -> revision.number("number") == number)
                .findFirst()
                .orElseThrow(() -> new BrockerException.Host(
                        "revision-gone", "revision " + number + " is not known any more", ""));
    }
}
