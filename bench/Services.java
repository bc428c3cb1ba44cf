import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What adding a service costs where there are many, beside what it costs where there are none; each has two replicas. */
final class Services {
    private static final int NUMBER = 30;
    private static final int EDGE = 3;
    private static final int ROUNDS = 4;

    private final Daemon daemon;
    private final String program;

    /** @param program what the replicas run, as containers see it */
    Services(Daemon daemon, String program) {
        this.daemon = daemon;
        this.program = program;
    }

    /** The last three of thirty beside the first three, in rounds of which the first is not counted. */
    Bench.Compared measure() throws IOException, InterruptedException {
        Series last = Series.millis("service add, two replicas, 28th to 30th service");
        Series first = Series.millis("1st to 3rd");
        for (int round = 0; round <= ROUNDS; round++) {
            for (int number = 1; number <= NUMBER; number++) {
                double millis = add(number);
                if (round > 0 && number <= EDGE) {
                    first.add(millis);
                } else if (round > 0 && number > NUMBER - EDGE) {
                    last.add(millis);
                }
            }
            removeAll();
        }
        return new Bench.Compared(last, first);
    }

    private double add(int number) throws IOException {
        return daemon.post("services", """
                {"name": "many%d", "replicas": 2, "container": {"command": "%s"}}""".formatted(number, program))
                .millis();
    }

    /** All at once: each waits for what its nginx has begun. */
    private void removeAll() throws IOException, InterruptedException {
        List<Future<Daemon.Answer>> removals = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 1; number <= NUMBER; number++) {
                String path = "services/many" + number;
                removals.add(threads.submit(() -> daemon.delete(path)));
            }
            for (Future<Daemon.Answer> removal : removals) {
                removal.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("removing services", e.getCause());
        }
    }
}
