package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.line.Operands;
import brocker.client.line.Syntax;
import brocker.client.text.Table;
import brocker.spec.Escaped;
import java.util.List;

/** {@code service list}. */
public final class ServiceList implements Verb {
    @Override
    public Syntax syntax() {
        return new Syntax(
                "service list",
                "list services (also: ls)",
                List.of(),
                Operands.NONE,
                "brocker-client service list --format json");
    }

    @Override
    public int run(Session session) {
        String answer = session.daemon().get("/services");
        if (session.json()) {
            session.printJson(answer);
            return 0;
        }
        StringBuilder names = new StringBuilder();
        Table table = new Table("NAME", "BRIDGE", "ADDRESS", "PUBLISH", "HOSTS", "READY");
        for (Answer view : Answer.array(answer)) {
            List<String> published = view.texts("publish");
            boolean ingress = view.flag("ingress");
            List<String> hosts = ingress ? List.of("(ingress)") : view.texts("hosts");
            names.append(Escaped.of(view.text("name"))).append('\n');
            table.row(
                    view.text("name"),
                    view.text("bridge"),
                    view.text("address"),
                    published.isEmpty() ? "-" : String.join(",", published),
                    hosts.isEmpty() ? "-" : String.join(",", hosts),
                    view.optionalText("broken").isPresent()
                            ? "broken"
                            : ingress ? "-" : view.text("ready") + "/" + view.text("desired"));
        }
        session.stdout().print(session.quiet() ? names.toString() : table.text(Integer.MAX_VALUE));
        return 0;
    }
}
