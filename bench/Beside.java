import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures one distribution beside another in one run, in turns, each with its daemon in namespaces of its own: what a change has cost. A
 * ratio is the median of the first divided by that of the second.
 */
final class Beside {
    private static final int WARM_UP = 200;
    private static final int ROUNDS = 300;
    private static final int PROCESSES = 60;
    private static final int KEPT = 50;

    private final Report report = new Report();
    private final Side first;
    private final Side second;

    /** A {@link Station} in another process, which is asked line by line. */
    private record Side(Process process, PrintWriter questions, BufferedReader answers) {
        /** @param enter a program that executes its arguments in new namespaces */
        static Side start(Path enter, Path work, String group, String program) throws IOException {
            Process process = new ProcessBuilder(
                            enter.toString(),
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "bench/Station.java",
                            work.toString(),
                            group,
                            program)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new Side(
                    process,
                    new PrintWriter(process.getOutputStream(), true, StandardCharsets.US_ASCII),
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII)));
        }

        double[] ask(String what) throws IOException {
            questions.println(what);
            String answer = answers.readLine();
            if (answer == null) {
                throw new IOException("the measurement of \"" + what + "\" failed");
            }
            String[] numbers = answer.split(" ");
            double[] values = new double[numbers.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = Double.parseDouble(numbers[i]);
            }
            return values;
        }

        void leave() throws InterruptedException {
            questions.close();
            process.waitFor();
        }
    }

    private Beside(Side first, Side second) {
        this.first = first;
        this.second = second;
    }

    /** {@code WORK GROUP PROGRAM RESULTS}: directory with {@code enter}, {@code first} and {@code second}; the rest as {@link Bench}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path work = Path.of(arguments[0]);
        Path enter = work.resolve("enter");
        Side first = Side.start(enter, work.resolve("first"), arguments[1] + "-first", arguments[2]);
        Side second = Side.start(enter, work.resolve("second"), arguments[1] + "-second", arguments[2]);
        try {
            Beside beside = new Beside(first, second);
            beside.measure();
            System.out.print(beside.report.table());
            beside.report.appendTo(Path.of(arguments[3]));
        } finally {
            first.leave();
            second.leave();
        }
    }

    private void measure() throws IOException {
        for (int i = 0; i < WARM_UP; i++) {
            for (Side side : List.of(first, second)) {
                side.ask("run");
                side.ask("stop");
            }
        }
        compare("container list, no container", "list", PROCESSES);
        starts();
        for (int i = 0; i < KEPT; i++) {
            first.ask("run");
            second.ask("run");
        }
        compare("container exec NAME true", "exec", PROCESSES);
        compare("container list, 50 containers", "list", PROCESSES);
        Bench.Compared memory =
                new Bench.Compared(Series.megabytes("brockerd, PSS, 50 containers"), Series.megabytes("the other"));
        memory.series().add(first.ask("memory")[0]);
        memory.reference().add(second.ask("memory")[0]);
        report.add(memory, "1.05");
    }

    private void starts() throws IOException {
        Bench.Compared start = millis("container run, request to exec in the daemon");
        Bench.Compared answer = millis("container run, request to answer over HTTP");
        Bench.Compared stop = millis("container stop of a sleeping program");
        for (int round = 0; round < ROUNDS; round++) {
            for (Side side : inTurns(round)) {
                double[] run = side.ask("run");
                take(start, side, run[0]);
                take(answer, side, run[1]);
                take(stop, side, side.ask("stop")[0]);
            }
        }
        report.add(start, "1.05");
        report.add(answer, "1.05");
        report.add(stop, "1.05");
    }

    /** The first round is not counted. */
    private void compare(String name, String what, int rounds) throws IOException {
        Bench.Compared compared = millis(name);
        first.ask(what);
        second.ask(what);
        for (int round = 0; round < rounds; round++) {
            for (Side side : inTurns(round)) {
                take(compared, side, side.ask(what)[0]);
            }
        }
        report.add(compared, "1.05");
    }

    private void take(Bench.Compared compared, Side side, double sample) {
        (side == first ? compared.series() : compared.reference()).add(sample);
    }

    /** Neither is always the one that follows the other. */
    private List<Side> inTurns(int round) {
        List<Side> sides = new ArrayList<>(List.of(first, second));
        return round % 2 == 0 ? sides : sides.reversed();
    }

    private static Bench.Compared millis(String name) {
        return new Bench.Compared(Series.millis(name), Series.millis("the other"));
    }
}
