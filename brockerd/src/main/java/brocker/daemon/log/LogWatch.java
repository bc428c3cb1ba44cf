package brocker.daemon.log;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes up readers when something changes in a directory, by inotify(7), which the JDK's watch service uses: one descriptor for all of
 * them, and nothing runs while nothing is written. Where the host has no more watches to give, a reader looks for itself every now and
 * then. Thread-safe.
 */
public final class LogWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LogWatch.class.getName());

    /** What is written in between is one wake-up, so that a busy log costs no more than that. */
    private static final Duration PAUSE = Duration.ofMillis(10);

    private static final Duration LOOK = Duration.ofMillis(250);

    private final Optional<WatchService> service;
    private final Map<WatchKey, Set<Bell>> bells = new HashMap<>(); // guarded by itself

    public LogWatch() {
        service = open();
        service.ifPresent(opened -> Thread.ofVirtual().name("log-watch").start(() -> run(opened)));
    }

    /** One reader's; rung when there may be something for it. */
    public final class Bell implements AutoCloseable {
        private final Optional<WatchKey> key;
        private final Semaphore rung = new Semaphore(0);

        private Bell(Optional<WatchKey> key) {
            this.key = key;
        }

        public void ring() {
            if (rung.availablePermits() == 0) {
                rung.release();
            }
        }

        /** Waits until it is rung, or was since the last time; at most so long. */
        public void await(Duration longest) throws InterruptedException {
            Duration wait = key.isPresent() || longest.compareTo(LOOK) < 0 ? longest : LOOK;
            if (rung.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                rung.drainPermits();
            }
        }

        @Override
        public void close() {
            key.ifPresent(watched -> forget(watched, this));
        }
    }

    /** A bell that is rung when a file of the directory is made, renamed or written to; the caller closes it. */
    public Bell on(Path directory) {
        synchronized (bells) {
            Optional<WatchKey> key = register(directory);
            Bell bell = new Bell(key);
            key.ifPresent(watched ->
                    bells.computeIfAbsent(watched, _ -> new HashSet<>()).add(bell));
            return bell;
        }
    }

    @Override
    public void close() {
        service.ifPresent(opened -> {
            try {
                opened.close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "closing the watch of logs: " + e.getMessage());
            }
        });
    }

    private void forget(WatchKey key, Bell bell) {
        synchronized (bells) {
            Set<Bell> others = bells.getOrDefault(key, new HashSet<>());
            others.remove(bell);
            if (others.isEmpty()) {
                bells.remove(key);
                key.cancel();
            }
        }
    }

    private static Optional<WatchService> open() {
        try {
            return Optional.of(FileSystems.getDefault().newWatchService());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "logs are looked at instead of watched: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<WatchKey> register(Path directory) {
        if (service.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(directory.register(
                    service.get(), StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY));
        } catch (IOException | ClosedWatchServiceException e) {
            LOG.log(System.Logger.Level.DEBUG, "cannot watch \"" + directory + "\": " + e.getMessage());
            return Optional.empty();
        }
    }

    private void run(WatchService opened) {
        try {
            while (true) {
                WatchKey key = opened.take();
                key.pollEvents();
                key.reset();
                synchronized (bells) {
                    bells.getOrDefault(key, Set.of()).forEach(Bell::ring);
                }
                Thread.sleep(PAUSE);
            }
        } catch (ClosedWatchServiceException _) {
            // The daemon leaves.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
