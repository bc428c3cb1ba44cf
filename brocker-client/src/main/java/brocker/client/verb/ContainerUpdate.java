package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Option;
import brocker.client.line.Syntax;
import brocker.client.line.WrongUsage;
import brocker.spec.BrockerException;
import brocker.spec.ByteSize;
import brocker.spec.ContainerLimits;
import brocker.spec.CpuList;
import brocker.spec.Cpus;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** {@code container update}: changes limits of containers that run, and prints the name of each. */
public final class ContainerUpdate implements Verb {
    private static final Option MEMORY = Option.valued("--memory", "S", "memory, such as \"512m\"; no swap on top");
    private static final Option CPUS = Option.valued("--cpus", "N", "share of the processors, such as \"1.5\"");
    private static final Option PIDS = Option.valued("--pids", "N", "number of processes and threads");
    private static final Option CPUSET = Option.valued("--cpuset", "LIST", "processors to run on, such as \"0-3,6\"");
    private static final List<Option> OPTIONS = List.of(MEMORY, CPUS, PIDS, CPUSET);

    @Override
    public Syntax syntax() {
        return new Syntax(
                "container update",
                "change limits of running containers",
                OPTIONS,
                Operands.NAMES,
                "brocker-client container update --memory 1g --cpus 2 5f0c9a");
    }

    @Override
    public int run(Session session) {
        ContainerLimits change = change(session);
        if (change.changeNothing()) {
            throw new WrongUsage("there is nothing to change", "usage: " + syntax().synopsis());
        }
        Daemon daemon = session.daemon();
        return EachName.run(session, name -> {
            String answer = daemon.patch("/containers/" + Daemon.segment(name), change);
            session.stdout().println(Answer.object(answer).containerName().value());
        });
    }

    private static ContainerLimits change(Session session) {
        Optional<ByteSize> memory = value(session, MEMORY, ByteSize::parse);
        Optional<Cpus> cpus = value(session, CPUS, text -> new Cpus(new BigDecimal(text)));
        Optional<CpuList> cpuset = value(session, CPUSET, CpuList::parse);
        Optional<Integer> pids = value(session, PIDS, Integer::valueOf);
        try {
            return new ContainerLimits(memory, cpus, cpuset, pids);
        } catch (BrockerException.Invalid e) {
            throw new WrongUsage("--" + e.key() + ": " + e.message(), e.hint().orElse(""));
        }
    }

    private static <T> Optional<T> value(Session session, Option option, Function<String, T> parser) {
        Optional<String> text = session.arguments().value(option);
        try {
            return text.map(parser);
        } catch (NumberFormatException _) {
            throw new WrongUsage(option.name() + ": \"" + text.orElseThrow() + "\" is not a number", "");
        } catch (BrockerException.Invalid e) {
            throw new WrongUsage(option.name() + ": " + e.message(), e.hint().orElse(""));
        }
    }
}
