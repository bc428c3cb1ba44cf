package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Option;
import brocker.client.line.Syntax;
import brocker.client.text.Age;
import brocker.client.text.Table;
import brocker.spec.Escaped;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@code service status}: how a service stands, with its revisions and its replicas. */
public final class ServiceStatus implements Verb {
    private static final Option FOLLOW = Option.toggle(
            "-f", "--follow", "where a deployment is under way, follow it to its end, with its exit code");
    /** Where lines of a log follow in a reason. */
    private static final String BEFORE_THE_LOG = "; it wrote last:";

    @Override
    public Syntax syntax() {
        return new Syntax(
                "service status",
                "show how a service stands: revisions and replicas",
                List.of(FOLLOW),
                Operands.NAME,
                "brocker-client service status shop");
    }

    @Override
    public int run(Session session) {
        Daemon daemon = session.daemon();
        String name = session.arguments().operand(0);
        Rollout rollout = new Rollout(session, daemon, name);
        if (session.arguments().has(FOLLOW)) {
            rollout.begin();
        }
        String json = daemon.get("/services/" + Daemon.segment(name));
        if (session.arguments().has(FOLLOW)
                && ServiceDeploy.deploying(Answer.object(json)).isPresent()) {
            return ServiceDeploy.follow(session, rollout, json);
        }
        if (session.json()) {
            session.printJson(json);
            return 0;
        }
        Answer service = Answer.object(json);
        List<String> published = service.texts("publish");
        List<String> hosts = service.texts("hosts");
        session.stdout()
                .println(Escaped.of(service.text("name") + ": " + service.text("ready") + "/" + service.text("desired")
                        + " ready"
                        + (published.isEmpty() ? "" : ", published at " + String.join(", ", published))
                        + (hosts.isEmpty() ? "" : " as " + String.join(", ", hosts))));
        ServiceAdd.warn(session, service);
        service.optionalText("broken")
                .ifPresent(why -> session.stdout()
                        .println(Escaped.of("broken: " + why + "; its containers go on, nobody looks after them")));
        service.optionalText("problem").ifPresent(problem -> session.stdout().println(Escaped.of("nginx: " + problem)));
        Instant now = session.shell().clock().instant();
        service.optionalObject("traffic").ifPresent(traffic -> session.stdout().print(requests(traffic)));
        session.stdout().print(revisions(service, now));
        session.stdout().print(lastWords(service));
        session.stdout().print(replicas(daemon, name, now));
        return 0;
    }

    /** Of the last minute. */
    private static String requests(Answer traffic) {
        Table table = new Table("REQUESTS", "PER SECOND", "FAILED", "P50", "P95", "P99");
        table.row(
                traffic.text("requests") + " in " + traffic.text("seconds") + " s",
                traffic.text("requests-per-second"),
                percent(traffic.text("error-rate")),
                millis(traffic.optionalText("p50-milliseconds")),
                millis(traffic.optionalText("p95-milliseconds")),
                millis(traffic.optionalText("p99-milliseconds")));
        return "\n" + table.text(Integer.MAX_VALUE);
    }

    private static String percent(String share) {
        return Math.round(Double.parseDouble(share) * 10_000) / 100.0 + " %";
    }

    /** nginx measures whole ones. */
    private static String millis(Optional<String> number) {
        return number.map(text -> Math.round(Double.parseDouble(text)) + " ms").orElse("-");
    }

    private static String revisions(Answer service, Instant now) {
        List<Answer> known = service.objects("revisions");
        if (known.isEmpty()) {
            return "";
        }
        Table table = new Table("REVISION", "STATE", "SINCE", "REASON");
        for (Answer revision : known) {
            table.row(
                    revision.text("number"),
                    revision.text("state"),
                    age(revision.instant("changed"), now),
                    reason(revision));
        }
        return "\n" + table.text(Integer.MAX_VALUE);
    }

    /** The end of the log that the latest deployment failed with, if it did. */
    private static String lastWords(Answer service) {
        Optional<Answer> latest = service.objects("revisions").stream()
                .max(Comparator.comparing(
                        revision -> revision.instant("changed").orElse(Instant.EPOCH)));
        String reason =
                latest.flatMap(revision -> revision.optionalText("reason")).orElse("");
        if (!reason.contains(BEFORE_THE_LOG + "\n")) {
            return "";
        }
        StringBuilder text = new StringBuilder("\nrevision " + latest.get().text("number") + " wrote last:\n");
        reason.lines().skip(1).forEach(line -> text.append("  | " + Escaped.line(line) + "\n"));
        return text.toString();
    }

    private static String replicas(Daemon daemon, String name, Instant now) {
        Table table = new Table("REPLICA", "REVISION", "HEALTH", "ADDRESS", "STARTED", "REASON");
        boolean any = false;
        for (Answer view : Answer.array(daemon.get("/containers"))) {
            Optional<Replica> replica = Replica.of(view, name);
            if (replica.isPresent()) {
                any = true;
                table.row(
                        replica.get().name().abbreviated(),
                        String.valueOf(replica.get().revision()),
                        replica.get().phase(),
                        view.text("address"),
                        age(view.instant("started"), now),
                        reason(view));
            }
        }
        return any ? "\n" + table.text(Integer.MAX_VALUE) : "";
    }

    private static String age(Optional<Instant> since, Instant now) {
        return since.isPresent() ? Age.between(since.get(), now) : "-";
    }

    /** The line of a reason that stands for itself. */
    private static String reason(Answer of) {
        String line = of.optionalText("reason").orElse("-").lines().findFirst().orElse("-");
        return line.endsWith(BEFORE_THE_LOG) ? line.substring(0, line.length() - BEFORE_THE_LOG.length()) : line;
    }
}
