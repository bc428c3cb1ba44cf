package brocker.conformance;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Requests from the host to a service's address in its own network, one after the other, until closed. */
final class RequestsWithin implements AutoCloseable {
    private final String address;
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private final AtomicInteger answered = new AtomicInteger();
    private volatile boolean over;

    RequestsWithin(String address) {
        this.address = address;
        this.thread = Thread.ofPlatform().name("within").start(this::work);
    }

    private void work() {
        while (!over) {
            try {
                int status = Http.get(address, 80, "/slow").status();
                if (status == 200) {
                    answered.incrementAndGet();
                } else {
                    failures.add(String.valueOf(status));
                }
            } catch (IOException e) {
                failures.add(e.toString());
            }
        }
    }

    int answered() {
        return answered.get();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
