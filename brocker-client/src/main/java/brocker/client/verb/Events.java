package brocker.client.verb;

import brocker.client.daemon.ServerSentEvents;
import brocker.client.line.Operands;
import brocker.client.line.Option;
import brocker.client.line.Syntax;
import brocker.client.line.WrongUsage;
import brocker.spec.BrockerException;
import brocker.spec.json.Json;
import brocker.spec.wire.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code events}: what has changed, and with {@code -f} what changes, also over a restart of the daemon, until it is interrupted. */
public final class Events implements Verb {
    private static final Option FOLLOW = Option.toggle("-f", "--follow", "go on with what changes from now on");
    private static final Option SINCE =
            Option.valued("--since", "SEQUENCE", "only what follows the event of that number");

    /** Between two attempts to reach a daemon that has left. */
    private static final Duration PAUSE = Duration.ofMillis(250);

    @Override
    public Syntax syntax() {
        return new Syntax(
                "events",
                "print what has changed, or follow what changes",
                List.of(FOLLOW, SINCE),
                Operands.NONE,
                "brocker-client events -f --since 17");
    }

    @Override
    public int run(Session session) {
        Optional<String> since = session.arguments().value(SINCE);
        since.ifPresent(Events::requireSequence);
        Reader reader = new Reader(session, since.orElse(""));
        return session.arguments().has(FOLLOW) ? follow(session, reader) : once(reader);
    }

    private static int once(Reader reader) {
        try {
            reader.read(false);
            return 0;
        } catch (IOException e) {
            throw new BrockerException.Unreachable(
                    "connection-lost", "the connection to the daemon was lost: " + e.getMessage(), "");
        }
    }

    /** Ends with an exception, or with the program. */
    private static int follow(Session session, Reader reader) {
        boolean told = false;
        while (true) {
            int before = reader.messages;
            try {
                reader.read(true);
            } catch (IOException | BrockerException.Unreachable e) {
                if (reader.messages == 0 && e instanceof BrockerException.Unreachable unreachable) {
                    throw unreachable;
                }
            }
            told &= reader.messages == before;
            if (!told) {
                session.shell().stderr().println("warning: the daemon has left; events go on when it is back");
                told = true;
            }
            pause();
        }
    }

    /** Reads and prints events, over as many connections as it takes. */
    private static final class Reader {
        private final Session session;
        private final EventPrinter printer;
        private String position;
        private int messages;

        Reader(Session session, String since) {
            this.session = session;
            this.printer = new EventPrinter(session.stdout(), session.json());
            this.position = since;
        }

        /** Goes on after the event that was printed last, to the end of the stream. */
        void read(boolean follow) throws IOException {
            String path = "/events?follow=" + follow + (position.isEmpty() ? "" : "&since=" + position);
            // A daemon that has come back may have another token.
            try (ServerSentEvents events = new ServerSentEvents(session.daemon().open(path))) {
                for (Optional<ServerSentEvents.Message> next = events.next(); next.isPresent(); next = events.next()) {
                    take(next.get());
                }
            }
        }

        private void take(ServerSentEvents.Message message) {
            messages++;
            if (message.type().equals("problem")) {
                throw Json.read("the daemon's answer", message.data(), Problem.class)
                        .toException();
            }
            if (!message.data().isEmpty()) {
                printer.print(message.data());
            }
            requirePosition(message.id());
            position = message.id();
        }

        /** It becomes part of a path. */
        private static void requirePosition(String id) {
            if (!isSequence(id)) {
                throw new BrockerException.Host(
                        "unexpected-answer", "the daemon's event has no number: \"" + id + "\"", "is it brockerd?");
            }
        }
    }

    private static void requireSequence(String text) {
        if (!isSequence(text)) {
            throw new WrongUsage("--since: \"" + text + "\" is not the number of an event", "write a whole number");
        }
    }

    private static boolean isSequence(String text) {
        boolean digits = !text.isEmpty() && text.length() < 19;
        for (int i = 0; i < text.length(); i++) {
            digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        return digits;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the daemon was away", e);
        }
    }
}
