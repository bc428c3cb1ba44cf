package brocker.client.verb;

import brocker.client.line.Syntax;

/** One thing that the user may ask for. */
public interface Verb {
    Syntax syntax();

    /**
     * Does it.
     *
     * @return the exit code
     * @throws brocker.spec.BrockerException when the daemon refuses, the operation fails, or no daemon answers
     * @throws brocker.client.line.WrongUsage when the value of an option cannot be
     * @throws brocker.client.text.OutputClosed when nobody reads the output any more
     */
    int run(Session session);
}
