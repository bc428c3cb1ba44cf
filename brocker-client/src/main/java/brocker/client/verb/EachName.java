package brocker.client.verb;

import brocker.spec.BrockerException;

/** The same for every name that the user gave: a failure is told and does not keep the others from being done. */
final class EachName {
    private EachName() {}

    /** What is done to one name. */
    @FunctionalInterface
    interface Action {
        void to(String name);
    }

    /**
     * Does it to each operand.
     *
     * @return 1 when it failed for any
     * @throws BrockerException.Unreachable at the first name that no daemon answers for
     */
    static int run(Session session, Action action) {
        int code = 0;
        for (String name : session.arguments().operands()) {
            try {
                action.to(name);
            } catch (BrockerException.Unreachable e) {
                throw e;
            } catch (BrockerException e) {
                Session.tell(session.shell().stderr(), e.message(), e.hint().orElse(""));
                code = 1;
            }
        }
        return code;
    }
}
