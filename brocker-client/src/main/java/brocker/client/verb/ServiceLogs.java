package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Syntax;
import brocker.client.text.EscapedUtf8;
import brocker.client.text.Output;
import brocker.spec.BrockerException;
import brocker.spec.ContainerName;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * {@code service logs}: what the containers of a service wrote, its proxy among them, in the order of time, each line behind the short
 * name of its container and escaped, so that none can pass for another container's; with {@code -f} what they write, those that join
 * too, until the service is removed.
 */
public final class ServiceLogs implements Verb {
    /** Between two looks for containers that have joined. */
    private static final Duration EVERY = Duration.ofSeconds(1);

    @Override
    public Syntax syntax() {
        return new Syntax(
                "service logs",
                "print what the containers of a service wrote (--tail: of each), or follow what they write",
                LogOptions.ALL,
                Operands.NAME,
                "brocker-client service logs -f --since 10m shop");
    }

    @Override
    public int run(Session session) {
        LogOptions options = LogOptions.of(session.arguments());
        String service = Answer.object(session.daemon()
                        .get("/services/" + Daemon.segment(session.arguments().operand(0))))
                .text("name");
        Absence absence = new Absence(session, "the logs go on");
        absence.over();
        Logs logs = new Logs(session, absence, service, new LogMerge(), new HashSet<>());
        logs.join(options);
        if (options.follow()) {
            Thread.ofVirtual().name("join").start(() -> logs.joinLater(options.fromTheBeginning()));
        } else {
            logs.merge.complete();
        }
        print(session, options, logs.merge);
        return 0;
    }

    private static void print(Session session, LogOptions options, LogMerge merge) {
        try {
            for (Optional<LogMerge.Line> next = merge.take(); next.isPresent(); next = merge.take()) {
                LogMerge.Line line = next.get();
                String time = options.timestamps() ? line.time() + " " : "";
                Output output = line.isStderr() ? session.shell().stderr() : session.stdout();
                output.println(line.log() + " | " + time + EscapedUtf8.line(line.text()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** The logs that are read, each by a thread. */
    private record Logs(Session session, Absence absence, String service, LogMerge merge, Set<ContainerName> known) {
        /** Begins to read those of the containers that are not known yet; gives whether there is any container. */
        boolean join(LogOptions options) {
            boolean any = false;
            for (Answer view : Answer.array(session.daemon().get("/containers?all=true"))) {
                if (view.text("service").equals(service)) {
                    any = true;
                    if (known.add(view.containerName())) {
                        read(view.containerName(), options);
                    }
                }
            }
            return any;
        }

        /** Looks for others until the service is gone. */
        void joinLater(LogOptions options) {
            try {
                while (true) {
                    Thread.sleep(EVERY);
                    try {
                        if (!join(options)) {
                            session.daemon().get("/services/" + Daemon.segment(service));
                        }
                        absence.over();
                    } catch (BrockerException.Unreachable e) {
                        absence.goesOn(e);
                    }
                }
            } catch (BrockerException.NotFound _) {
                merge.complete();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                merge.fail(e);
            }
        }

        private void read(ContainerName name, LogOptions options) {
            LogMerge.Source source = merge.add(name.abbreviated());
            LogStream stream = new LogStream(session, absence, name.value(), options);
            Thread.ofVirtual().name("log-" + name.abbreviated()).start(() -> {
                try {
                    stream.read(source);
                } catch (BrockerException.NotFound _) {
                    // Forgotten meanwhile, with its log.
                } catch (RuntimeException e) {
                    merge.fail(e);
                }
                source.end();
            });
        }
    }
}
