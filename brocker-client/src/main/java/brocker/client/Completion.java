package brocker.client;

import brocker.client.line.Operands;
import brocker.client.line.Syntax;
import brocker.client.line.WrongUsage;
import brocker.client.verb.Session;
import brocker.client.verb.Verb;
import java.util.List;
import picocli.AutoComplete;

/** {@code completion}: a script that completes commands and options in {@code bash(1)} and {@code zsh(1)}. */
public final class Completion implements Verb {
    @Override
    public Syntax syntax() {
        return new Syntax(
                "completion",
                "print a completion script for \"bash\" (zsh takes it, too)",
                List.of(),
                Operands.one("SHELL"),
                "source <(brocker-client completion bash)");
    }

    @Override
    public int run(Session session) {
        String shell = session.arguments().operand(0);
        if (!shell.equals("bash") && !shell.equals("zsh")) {
            throw new WrongUsage("no completion for \"" + shell + "\"", "write \"bash\" or \"zsh\"");
        }
        session.stdout().print(AutoComplete.bash("brocker-client", Help.program()));
        session.stdout().println("complete -F _complete_brocker-client -o default brocker");
        return 0;
    }
}
