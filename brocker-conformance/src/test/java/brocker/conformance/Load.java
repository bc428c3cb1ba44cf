package brocker.conformance;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that send one request after the other, GET and POST in turn, each on a connection of its own, until closed. */
final class Load implements AutoCloseable {
    private final int port;
    private final String host;
    private final String get;
    private final String post;
    private final List<Thread> clients = new ArrayList<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private volatile boolean over;

    Load(int port, int number) {
        this(port, "127.0.0.1", number, "/slow", "/slow");
    }

    /** Clients of one of the hosts that share a port. */
    Load(int port, String host, int number) {
        this(port, host, number, "/slow", "/slow");
    }

    /** Clients that ask for these. */
    Load(int port, int number, String get, String post) {
        this(port, "127.0.0.1", number, get, post);
    }

    private Load(int port, String host, int number, String get, String post) {
        this.port = port;
        this.host = host;
        this.get = get;
        this.post = post;
        for (int i = 0; i < number; i++) {
            clients.add(Thread.ofPlatform().name("client-" + i).start(this::work));
        }
    }

    /** How many requests were answered with 200 so far. */
    int answered() {
        return answered.get();
    }

    /** What went wrong so far, one line a request. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Waits until so many more requests were answered. */
    void awaitAnswers(int number) {
        int wanted = answered() + number;
        Await.until(wanted + " answers", Duration.ofSeconds(30), () -> answered() >= wanted);
    }

    @Override
    public void close() {
        finish();
    }

    /** Lets every client finish its last request. */
    void finish() {
        over = true;
        for (Thread client : clients) {
            try {
                client.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void work() {
        for (int i = 0; !over; i++) {
            String method = i % 2 == 0 ? "GET" : "POST";
            try {
                String path = i % 2 == 0 ? get : post;
                Http.Answer answer =
                        Http.send("127.0.0.1", port, host, method, path, List.of(), new byte[i % 2 == 0 ? 0 : 1000]);
                if (answer.status() == 200) {
                    answered.incrementAndGet();
                } else {
                    failures.add(method + ": " + answer.status());
                }
            } catch (IOException e) {
                failures.add(method + ": " + e);
            }
        }
    }
}
