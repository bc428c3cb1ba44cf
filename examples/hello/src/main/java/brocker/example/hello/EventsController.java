package brocker.example.hello;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Server-sent events: a line every so often, and the end. */
@RestController
class EventsController implements AutoCloseable {
    private static final int MOST = 10_000;
    private static final long LONGEST_PAUSE = 60_000;
    private static final long NEVER = 0;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    /** {@code count} events, {@code millis} milliseconds apart, each with its number and who sent it. */
    @GetMapping("/events")
    SseEmitter events(@RequestParam(defaultValue = "10") int count, @RequestParam(defaultValue = "1000") long millis) {
        if (count < 1 || count > MOST || millis < 0 || millis > LONGEST_PAUSE) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST, "count must be 1 to " + MOST + ", millis 0 to " + LONGEST_PAUSE);
        }
        SseEmitter emitter = new SseEmitter(NEVER);
        send(emitter, 1, count, millis);
        return emitter;
    }

    private void send(SseEmitter emitter, int number, int count, long millis) {
        try {
            emitter.send(SseEmitter.event().id(String.valueOf(number)).data(number + " of " + count + " from " + Answer.ownContainer()));
        } catch (IOException | IllegalStateException e) {
            return; // the client has gone, and Spring knows already
        }
        if (number == count) {
            emitter.complete();
        } else {
            clock.schedule(() -> send(emitter, number + 1, count, millis), millis, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
