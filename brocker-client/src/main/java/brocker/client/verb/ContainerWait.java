package brocker.client.verb;

import brocker.client.line.Operands;
import brocker.client.line.Syntax;
import brocker.spec.BrockerException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * {@code container wait}: waits until containers have ended and are not started again, also over a restart of the daemon. Prints the
 * exit code of each, in the order in which they were named, and exits with the first that is not 0.
 */
public final class ContainerWait implements Verb {
    @Override
    public Syntax syntax() {
        return new Syntax(
                "container wait",
                "wait until containers have ended, print and exit with their code (the first that is not 0)",
                List.of(),
                Operands.NAMES,
                "brocker-client container wait 5f0c9a");
    }

    @Override
    public int run(Session session) {
        Absence absence = new Absence(session, "waiting goes on");
        List<CompletableFuture<FinalEnd>> begun = session.arguments().operands().stream()
                .map(name -> FinalEnd.begin(session, absence, name))
                .toList();
        List<String> ended = new ArrayList<>();
        int code = 0;
        for (CompletableFuture<FinalEnd> future : begun) {
            int own;
            try {
                FinalEnd end = FinalEnd.of(future);
                own = end.code();
                ended.add(end.json());
                if (!session.json()) {
                    session.stdout().println(String.valueOf(own));
                }
            } catch (BrockerException.Unreachable e) {
                throw e;
            } catch (BrockerException e) {
                Session.tell(session.shell().stderr(), e.message(), e.hint().orElse(""));
                own = 1;
            }
            code = code == 0 ? own : code;
        }
        if (session.json()) {
            session.printJson(begun.size() == 1 ? String.join("", ended) : "[" + String.join(",", ended) + "]");
        }
        return code;
    }
}
