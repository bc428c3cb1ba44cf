package brocker.client;

import brocker.client.line.Arguments;
import brocker.client.line.Option;
import brocker.client.line.WrongUsage;
import brocker.client.text.Output;
import brocker.client.text.OutputClosed;
import brocker.client.verb.Session;
import brocker.client.verb.Shell;
import brocker.client.verb.Verb;
import brocker.spec.BrockerException;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** The program. */
public final class Main {
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    private static final int UNREACHABLE = 125;

    private Main() {}

    public static void main(String[] args) {
        Output stdout = new Output(new FileOutputStream(FileDescriptor.out));
        Output stderr = new Output(new FileOutputStream(FileDescriptor.err));
        Shell shell = new Shell(System.getenv(), System.in, stdout, stderr, Main::isTerminal, InstantSource.system());
        // Not exit: it looks for a logger first. No hook is missed, every output is written, and whatever thread still
        // waits for stdin
        // does not keep the program.
        Runtime.getRuntime().halt(rehearse(shell) + run(List.of(args), shell));
    }

    /**
     * While the distribution is built: what else the AOT cache shall know, as it is made of one run. Each line of the file is a command;
     * the sum of their exit codes.
     */
    private static int rehearse(Shell shell) {
        String file = System.getProperty("brocker.rehearsal", "");
        if (file.isEmpty()) {
            return 0;
        }
        try (BufferedReader lines = new BufferedReader(new FileReader(file, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .mapToInt(line -> run(List.of(line.split(" ", -1)), shell))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the program with streams of the caller's, none of them a terminal. Returns the exit code. */
    public static int run(
            List<String> args, Map<String, String> env, InputStream stdin, OutputStream stdout, OutputStream stderr) {
        return run(
                args,
                new Shell(env, stdin, new Output(stdout), new Output(stderr), _ -> false, InstantSource.system()));
    }

    static int run(List<String> args, Shell shell) {
        try {
            return runOrThrow(args, shell);
        } catch (WrongUsage e) {
            return fail(shell, WRONG_USAGE, e.message(), e.hint());
        } catch (BrockerException.Unreachable e) {
            return fail(shell, UNREACHABLE, e.message(), e.hint().orElse(""));
        } catch (BrockerException e) {
            return fail(shell, FAILED, e.message(), e.hint().orElse(""));
        } catch (OutputClosed e) {
            return OutputClosed.EXIT_CODE;
        }
    }

    private static int runOrThrow(List<String> args, Shell shell) {
        Commands.Chosen chosen = Commands.choose(args);
        if (!chosen.isVerb()) {
            boolean asked = chosen.asksForHelp();
            (asked ? shell.stdout() : shell.stderr()).print(Help.of(chosen.path()));
            return asked ? 0 : WRONG_USAGE;
        }
        Verb verb = Commands.verb(chosen.path());
        Arguments arguments = Arguments.parse(verb.syntax(), chosen.rest());
        if (arguments.has(Option.HELP)) {
            shell.stdout().print(Help.of(chosen.path()));
            return 0;
        }
        return verb.run(new Session(shell, arguments));
    }

    private static int fail(Shell shell, int code, String message, String hint) {
        try {
            Session.tell(shell.stderr(), message, hint);
        } catch (OutputClosed e) {
            // Nobody is there to be told; the exit code still says it.
            return code;
        }
        return code;
    }

    /** Whether a standard stream is a terminal, see {@code proc_pid_fd(5)}. */
    private static boolean isTerminal(int descriptor) {
        try {
            // Not by java.nio.file, whose file system takes a while to set up.
            String target = new File("/proc/self/fd/" + descriptor).getCanonicalPath();
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.startsWith("/dev/hvc")
                    || target.equals("/dev/console");
        } catch (IOException e) {
            // A closed stream is no terminal.
            return false;
        }
    }
}
