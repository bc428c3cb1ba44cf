package brocker.daemon.names;

import org.xbill.DNS.Message;

/** What is to become of a question. */
sealed interface Reply {
    /** It is answered. */
    record Answer(Message message) implements Reply {}

    /**
     * The host's name servers are asked.
     *
     * @param longest answer that the one who asks takes by UDP, in bytes
     */
    record Forward(int longest) implements Reply {}

    /** It is no question at all, and whoever sent it hears nothing. */
    record Silence() implements Reply {}
}
