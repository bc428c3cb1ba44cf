import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures a distribution of Brocker and its references in one run. Nothing here is a test: it fails only where something cannot be
 * measured.
 */
final class Bench {
    private static final int WARM_UP = 150;
    private static final int STARTS = 200;
    private static final int BATCH = 50;
    private static final int DAEMON_STARTS = 10;
    private static final int PROCESSES = 40;

    private final Report report = new Report();
    private final Tools tools;
    private final Daemon daemon;
    private final Path work;
    private final String program;
    private final Series stop = Series.millis("container stop of a sleeping program");

    /** A series and its reference, taken in turns. */
    record Compared(Series series, Series reference) {}

    /** One measurement, in milliseconds. */
    @FunctionalInterface
    private interface Sample {
        double take() throws IOException, InterruptedException;
    }

    private Bench(Path work, Daemon daemon, String program) {
        this.work = work;
        this.tools = new Tools(work);
        this.daemon = daemon;
        this.program = program;
    }

    /** {@code WORK GROUP PROGRAM RESULTS}: directory with the prepared parts, cgroup parent, what containers run, file to append to. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path work = Path.of(arguments[0]);
        try (Daemon daemon = new Daemon(work, arguments[1])) {
            Bench bench = new Bench(work, daemon, arguments[2]);
            String only = arguments.length > 4 ? arguments[4] : "";
            if (only.isEmpty() || only.equals("containers")) {
                bench.measure();
            }
            bench.services(only);
            System.out.print(bench.report.table());
            bench.report.appendTo(Path.of(arguments[3]));
        }
    }

    private void measure() throws IOException, InterruptedException {
        Series idle = Series.megabytes("brockerd, PSS, just started, no container");
        Compared startEmpty = daemonStart("brockerd to its first answer, no container");
        idle.add(Tools.pss(daemon.pid()));
        Compared listEmpty = list("container list, no container");

        daemon.post("services", "{\"name\": \"bench\"}");
        starts();

        List<Daemon.Answer> containers = run(BATCH);
        Compared exec = exec(containers.getFirst().name());
        Compared listFull = list("container list, 50 containers");
        Series worked = Series.megabytes("brockerd, PSS, 50 containers, after 800 starts");
        worked.add(Tools.pss(daemon.pid()));
        Series init = Series.megabytes("brocker-run, PSS, each");
        for (Daemon.Answer container : containers) {
            init.add(Tools.pss(container.pid()));
        }
        Series share = processorShare("brockerd, one core's share, 50 containers at rest");
        Compared startFull = daemonStart("brockerd to its first answer, 50 containers to adopt");
        Series adopted = Series.megabytes("brockerd, PSS, 50 containers, just started");
        adopted.add(Tools.pss(daemon.pid()));
        stop(containers);
        daemon.delete("services/bench");

        report.add(stop, "");
        report.add(exec, "");
        report.add(startEmpty, "1000 ms");
        report.add(startFull, "1000 ms");
        report.add(listEmpty, "ratio 2");
        report.add(listFull, "ratio 2");
        report.add(share, "");
        report.add(idle, "");
        report.add(adopted, "");
        report.add(worked, "");
        report.add(init, "");
    }

    /** What a service costs: its nginx in requests, and itself among many. One of the two where it is named. */
    private void services(String only) throws IOException, InterruptedException {
        if (only.isEmpty() || only.equals("services")) {
            report.add(new Services(daemon, program).measure(), "ratio 1.5");
        }
        if (only.isEmpty() || only.equals("throughput")) {
            throughput("requests a second to the demo application", application(), 20, "ratio 0.95 or more");
            throughput("requests a second to a program that does nothing", sibling("backend") + " 8080", 2, "");
        }
    }

    private void throughput(String name, String command, int warmUp, String target)
            throws IOException, InterruptedException {
        try (Throughput throughput = new Throughput(work, daemon, name, command, warmUp)) {
            List<Compared> measured = throughput.measure();
            report.add(measured.getFirst(), target);
            report.add(measured.getLast(), "");
        }
    }

    /** With the JDK of this process, which containers see because they see {@code /usr}. */
    private String application() {
        return System.getProperty("java.home") + "/bin/java -Xmx192m -jar " + sibling("hello.jar") + " --server.port=8080";
    }

    private String sibling(String name) {
        return Path.of(program).resolveSibling(name).toString();
    }

    /** One at a time, with the reference in between; then with a mount of its own; then three without a pause. */
    private void starts() throws IOException, InterruptedException {
        for (int batch = 0; batch < WARM_UP / BATCH; batch++) {
            for (Daemon.Answer container : run(BATCH)) {
                daemon.post("containers/" + container.name() + "/stop", "{}");
            }
        }
        Series single = Series.millis("container run, request to exec in the daemon");
        Series answered = Series.millis("container run, request to answer over HTTP");
        Series mounted = Series.millis("container run with one bind mount, in the daemon");
        Series hurried = Series.millis("container run straight after another, in the daemon");
        Series unshare = Series.millis("unshare(1)");
        List<Daemon.Answer> running = new ArrayList<>();
        for (int round = 0; round < STARTS; round++) {
            unshare.add(tools.unshare());
            Daemon.Answer plain = daemon.post("containers", container(program, ""));
            single.add(plain.start());
            answered.add(plain.millis());
            Daemon.Answer next = daemon.post("containers", container(program, ""));
            hurried.add(next.start());
            unshare.add(tools.unshare());
            Daemon.Answer mount = daemon.post("containers", container("/program/pause", mount()));
            mounted.add(mount.start());
            running.addAll(List.of(plain, next, mount));
            if (running.size() >= BATCH) {
                stop(running);
                running.clear();
            }
        }
        stop(running);
        report.add(new Compared(single, unshare), "10 ms");
        report.add(new Compared(answered, unshare), "");
        report.add(new Compared(mounted, unshare), "");
        report.add(new Compared(hurried, unshare), "");
    }

    private Compared daemonStart(String name) throws IOException, InterruptedException {
        return besideHello(name, DAEMON_STARTS, daemon::restart);
    }

    private Compared list(String name) throws IOException, InterruptedException {
        return besideHello(name, PROCESSES, () -> tools.client("container", "list"));
    }

    private Compared exec(String container) throws IOException, InterruptedException {
        return besideHello(
                "container exec NAME true", PROCESSES, () -> tools.client("container", "exec", container, "true"));
    }

    /** The first round is not counted. */
    private Compared besideHello(String name, int rounds, Sample sample) throws IOException, InterruptedException {
        Compared compared = new Compared(Series.millis(name), Series.millis("bare JVM hello"));
        sample.take();
        for (int round = 0; round < rounds; round++) {
            compared.reference().add(tools.hello());
            compared.series().add(sample.take());
        }
        return compared;
    }

    /** What the daemon's processor time is in five seconds in which nobody asks it for anything. */
    private Series processorShare(String name) throws IOException, InterruptedException {
        Series series = new Series(name, "%");
        for (int round = 0; round < 5; round++) {
            double before = Tools.processorMillis(daemon.pid());
            Thread.sleep(1000);
            series.add((Tools.processorMillis(daemon.pid()) - before) / 10);
        }
        return series;
    }

    private List<Daemon.Answer> run(int number) throws IOException {
        List<Daemon.Answer> started = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            started.add(daemon.post("containers", container(program, "")));
        }
        return started;
    }

    private void stop(List<Daemon.Answer> containers) throws IOException {
        for (Daemon.Answer container : containers) {
            stop.add(daemon.post("containers/" + container.name() + "/stop", "{}").millis());
        }
    }

    private static String container(String command, String more) {
        return "{\"service-name\": \"bench\", \"command\": \"" + command + "\"" + more + "}";
    }

    private String mount() {
        return ", \"mounts\": [{\"source\": \"" + Path.of(program).getParent()
                + "\", \"target\": \"/program\", \"read-only\": true}]";
    }
}
