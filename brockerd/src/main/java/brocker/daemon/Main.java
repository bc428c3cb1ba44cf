package brocker.daemon;

import brocker.daemon.check.HostCheck;
import brocker.spec.BrockerException;
import brocker.spec.Escaped;
import brocker.spec.Nearest;
import brocker.spec.Version;
import brocker.spec.json.Json;
import brocker.spec.wire.HostFinding;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program {@code brockerd}. */
@Command(
        name = "brockerd",
        description = "Runs containers and the services they belong to.",
        sortOptions = false,
        versionProvider = Main.VersionText.class,
        synopsisSubcommandLabel = "[check]")
public final class Main {
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    /** How long the daemon may take to leave after SIGTERM; the process ends then in any case. */
    private static final Duration LEAVING = Duration.ofSeconds(20);

    /** The same where it stops the containers first. */
    private static final Duration LEAVING_WITH_CONTAINERS = Duration.ofMinutes(10);

    @Option(names = "--listen", paramLabel = "ADDRESS:PORT", description = "where clients reach it (127.0.0.1:3000)")
    private Optional<String> listen = Optional.empty();

    @Option(names = "--container-dir", paramLabel = "DIR", description = "one directory a container (/container)")
    private Optional<Path> containerDir = Optional.empty();

    @Option(names = "--state-dir", paramLabel = "DIR", description = "what outlives a reboot (/var/lib/brocker)")
    private Optional<Path> stateDir = Optional.empty();

    @Option(names = "--run-dir", paramLabel = "DIR", description = "what does not; the token is here (/run/brocker)")
    private Optional<Path> runDir = Optional.empty();

    @Option(names = "--cgroup-parent", paramLabel = "NAME", description = "the group above all containers' (brocker)")
    private Optional<String> cgroupParent = Optional.empty();

    @Option(names = "--stop-containers-on-exit", description = "take the containers along; without it they stay")
    private boolean stopContainersOnExit;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "its certificate, PEM; what is not loopback needs it")
    private Optional<Path> tlsCert = Optional.empty();

    @Option(names = "--tls-key", paramLabel = "FILE", description = "the certificate's key, PEM")
    private Optional<Path> tlsKey = Optional.empty();

    @Option(names = "--config", paramLabel = "FILE", description = "a JSON file with the options above as keys")
    private Optional<Path> config = Optional.empty();

    private Main() {}

    /** Runs until it is told to stop by SIGTERM or SIGINT. */
    public static void main(String[] args) {
        int code = run(args, System.out, System.err);
        if (code != 0) {
            System.exit(code);
        }
    }

    static int run(String[] args, PrintStream out, PrintStream err) {
        Logging.configure();
        Main main = new Main();
        CommandLine line = new CommandLine(main);
        line.addSubcommand("check", new Check());
        line.getCommandSpec()
                .addOption(CommandLine.Model.OptionSpec.builder("--help")
                        .usageHelp(true)
                        .description("show this and exit")
                        .build())
                .addOption(CommandLine.Model.OptionSpec.builder("--version")
                        .versionHelp(true)
                        .description("show the version and exit")
                        .build());
        try {
            CommandLine.ParseResult parsed = line.parseArgs(args);
            if (line.isUsageHelpRequested()) {
                line.usage(out);
                return 0;
            }
            if (line.isVersionHelpRequested()) {
                line.printVersionHelp(out);
                return 0;
            }
            Settings settings = Settings.of(main.options());
            return parsed.hasSubcommand() ? check(settings, out) : main.serve(settings, out);
        } catch (CommandLine.ParameterException e) {
            return usage(e, line, err);
        } catch (BrockerException e) {
            err.println("error: " + Escaped.of(e.message()));
            e.hint().ifPresent(hint -> err.println("hint: " + Escaped.of(hint)));
            return e instanceof BrockerException.Invalid ? WRONG_USAGE : FAILED;
        }
    }

    private int serve(Settings settings, PrintStream out) {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        ServiceManager manager = ServiceManager.of(System.getenv());
        manager.status("finds its containers again");
        try (Daemon daemon = new Daemon(settings, Installation.find())) {
            Duration longest = settings.stopContainersOnExit() ? LEAVING_WITH_CONTAINERS : LEAVING;
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                asked.countDown();
                // A daemon that left as it was told to has not failed: without this the JVM would exit with 143.
                Runtime.getRuntime().halt(awaitQuietly(left, longest) ? 0 : FAILED);
            }));
            String serves = "serves on " + settings.url();
            out.println("brockerd " + Version.CURRENT + " " + serves);
            manager.ready(serves + "; " + daemon.summary());
            Watchdog.of(System.getenv(), manager).ifPresent(watchdog -> watchdog.start(daemon.unixSocket()));
            awaitQuietly(asked);
            if (settings.stopContainersOnExit()) {
                manager.stopping("stops the containers");
                daemon.stopContainers();
            } else {
                manager.stopping("leaves; the containers go on");
            }
        } catch (BrockerException e) {
            manager.status("error: " + e.message());
            throw e;
        } finally {
            left.countDown();
        }
        return 0;
    }

    private Options options() {
        Options given = new Options(
                listen,
                containerDir,
                stateDir,
                runDir,
                cgroupParent,
                stopContainersOnExit ? Optional.of(true) : Optional.empty(),
                tlsCert,
                tlsKey);
        return config.isEmpty() ? given : given.or(read(config.get()));
    }

    private static Options read(Path file) {
        try {
            return Json.read(file.toString(), Files.readString(file), Options.class);
        } catch (IOException _) {
            throw new BrockerException.Invalid("no-config", "cannot read the configuration \"" + file + "\"", "");
        }
    }

    private static int check(Settings settings, PrintStream out) {
        Installation installation = Installation.find();
        List<HostFinding> findings =
                new HostCheck(installation.nginx(), installation.initProgram(), settings.cgroupParent()).findings();
        for (HostFinding finding : findings) {
            String hint = finding.hint().map(text -> "; hint: " + text).orElse("");
            String detail = Escaped.of(finding.detail() + hint);
            out.printf("%-8s %-13s %s%n", finding.level().text(), finding.subject(), detail);
        }
        boolean able = findings.stream().noneMatch(finding -> finding.level() == HostFinding.Level.MISSING);
        return able ? 0 : FAILED;
    }

    private static int usage(CommandLine.ParameterException e, CommandLine line, PrintStream err) {
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().getFirst();
            List<String> known = line.getCommandSpec().options().stream()
                    .map(CommandLine.Model.OptionSpec::longestName)
                    .toList();
            err.println("error: unknown " + (word.startsWith("-") ? "option" : "argument") + " \"" + word + "\"");
            String hint = Nearest.to(word, known)
                    .map(nearest -> "did you mean \"" + nearest + "\"?")
                    .orElse("see: brockerd --help");
            boolean behind = known.contains(word.split("=", 2)[0]);
            err.println("hint: " + (behind ? "options come before the command: brockerd [OPTIONS] check" : hint));
        } else {
            err.println("error: " + String.valueOf(e.getMessage()).replace('\'', '"'));
            err.println("hint: see: brockerd --help");
        }
        return WRONG_USAGE;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it was counted down in time. */
    private static boolean awaitQuietly(CountDownLatch latch, Duration longest) {
        try {
            return latch.await(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            return false;
        }
    }

    /** {@code brockerd check}: says what the host offers and lacks. */
    @Command(name = "check", description = "Says what the host offers and lacks; exit code 1 if brockerd cannot run.")
    private static final class Check {}

    /** For {@code --version}. */
    static final class VersionText implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"brockerd " + Version.CURRENT};
        }
    }
}
