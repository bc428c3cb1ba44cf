package brocker.client.verb;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The lines of several logs in the order of their times. Each log is read by a thread of its own, which waits where it is far ahead of
 * the others. What there is at first is in order; of what comes later, what was written at the same time up to a tenth of a second.
 * Thread-safe.
 */
final class LogMerge {
    private static final int MOST_WAITING = 4096;
    private static final int LONGEST_LINE = 4 << 20;

    /** How long a line that has just come waits for one of another log that is older. */
    private static final long HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Source> sources = new ArrayList<>();
    private Optional<RuntimeException> failure = Optional.empty();
    private boolean complete;

    /** A line, whole, of one of the logs. */
    static final class Line {
        private final String log;
        private final String time;
        private final boolean stderr;
        private final byte[] text;
        private final long came = System.nanoTime();

        private Line(String log, String time, boolean stderr, byte[] text) {
            this.log = log;
            this.time = time;
            this.stderr = stderr;
            this.text = text;
        }

        /** What the log was called when it was added. */
        String log() {
            return log;
        }

        /** As the log has it. */
        String time() {
            return time;
        }

        boolean isStderr() {
            return stderr;
        }

        /** Without its end; the caller's from now on. */
        byte[] text() {
            return text;
        }
    }

    /** Another log, whose lines are given to what is returned, by one thread. */
    Source add(String log) {
        Source source = new Source(log);
        lock.lock();
        try {
            sources.add(source);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return source;
    }

    /** There will be no other log. */
    void complete() {
        lock.lock();
        try {
            complete = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What went wrong is the taker's. */
    void fail(RuntimeException e) {
        lock.lock();
        try {
            failure = Optional.of(e);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next line; none where all logs have ended. */
    Optional<Line> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (failure.isPresent()) {
                    throw failure.get();
                }
                sources.removeIf(source -> source.ended && source.waiting.isEmpty());
                if (sources.isEmpty() && complete) {
                    return Optional.empty();
                }
                Optional<Source> first = first();
                if (first.isEmpty()) {
                    changed.await();
                    continue;
                }
                long held = first.get().waiting.getFirst().came + HOLD_NANOS - System.nanoTime();
                if (held > 0 && mayComeFirst() && first.get().waiting.size() < MOST_WAITING) {
                    var _ = changed.awaitNanos(held);
                    continue;
                }
                changed.signalAll();
                return Optional.of(first.get().waiting.removeFirst());
            }
        } finally {
            lock.unlock();
        }
    }

    /** The one whose line is the oldest; none while there may be an older one in a log that has not been read so far. */
    private Optional<Source> first() {
        Optional<Source> first = Optional.empty();
        for (Source source : sources) {
            if (source.waiting.isEmpty()) {
                if (!source.live && !source.ended) {
                    return Optional.empty();
                }
            } else if (first.isEmpty() || source.time().compareTo(first.get().time()) < 0) {
                first = Optional.of(source);
            }
        }
        return first;
    }

    /** Whether a line that is older may still come. */
    private boolean mayComeFirst() {
        return sources.stream().anyMatch(source -> !source.ended && source.waiting.isEmpty());
    }

    /** One log; the parts of a long line are put together. */
    final class Source implements LogStream.Sink {
        private final String log;
        private final Begun stdout = new Begun();
        private final Begun stderr = new Begun();
        private final Deque<Line> waiting = new ArrayDeque<>(); // this and what follows guarded by the lock
        private boolean live;
        private boolean ended;

        private Source(String log) {
            this.log = log;
        }

        @Override
        public void line(byte[] bytes) {
            LogEntry entry = LogEntry.of(bytes);
            Begun begun = entry.isStderr() ? stderr : stdout;
            if (begun.text.size() == 0) {
                int length = Math.max(0, entry.timeLength() - 1);
                begun.time = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
            }
            begun.text.write(bytes, entry.text(), bytes.length - entry.text());
            if (!entry.continues() || begun.text.size() > LONGEST_LINE) {
                offer(begun, entry.isStderr());
            }
        }

        @Override
        public void pause() {
            // Whoever takes the lines sees for itself.
        }

        @Override
        public void live() {
            change(() -> live = true);
        }

        @Override
        public void gap() {
            Begun warning = new Begun();
            warning.time = stdout.time.compareTo(stderr.time) < 0 ? stderr.time : stdout.time;
            warning.text.writeBytes("warning: lines are missing here: they were turned away before they were read"
                    .getBytes(StandardCharsets.UTF_8));
            offer(warning, true);
        }

        /** There will be no more. */
        void end() {
            for (Begun begun : List.of(stdout, stderr)) {
                if (begun.text.size() > 0) {
                    offer(begun, begun == stderr);
                }
            }
            change(() -> ended = true);
        }

        private String time() {
            return waiting.getFirst().time;
        }

        private void offer(Begun begun, boolean toStderr) {
            Line line = new Line(log, begun.time, toStderr, begun.text.toByteArray());
            begun.text.reset();
            lock.lock();
            try {
                while (waiting.size() >= MOST_WAITING) {
                    changed.awaitUninterruptibly();
                }
                waiting.addLast(line);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private void change(Runnable change) {
            lock.lock();
            try {
                change.run();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** A line whose end has not come. */
    private static final class Begun {
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private String time = "";
    }
}
