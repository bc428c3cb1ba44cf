package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.line.Operands;
import brocker.client.line.Syntax;
import brocker.client.text.Table;
import java.util.List;
import java.util.Optional;

/** {@code check}: what the daemon's host offers and lacks. */
public final class CheckHost implements Verb {
    @Override
    public Syntax syntax() {
        return new Syntax(
                "check",
                "print what the daemon's host offers and lacks",
                List.of(),
                Operands.NONE,
                "brocker-client check");
    }

    @Override
    public int run(Session session) {
        String answer = session.daemon().get("/check");
        List<Answer> findings = Answer.array(answer);
        Table table = new Table("LEVEL", "SUBJECT", "DETAIL");
        boolean missing = false;
        for (Answer finding : findings) {
            missing |= finding.text("level").equals("missing");
            table.row(finding.text("level"), finding.text("subject"), finding.text("detail"));
            Optional<String> hint = finding.optionalText("hint");
            if (hint.isPresent()) {
                table.row("", "", "hint: " + hint.get());
            }
        }
        if (session.json()) {
            session.printJson(answer);
        } else {
            session.stdout().print(table.text(Integer.MAX_VALUE));
        }
        return missing ? 1 : 0;
    }
}
