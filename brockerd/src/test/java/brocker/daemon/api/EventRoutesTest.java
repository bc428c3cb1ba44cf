package brocker.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.daemon.event.EventLog;
import brocker.spec.BrockerException;
import brocker.spec.ServiceName;
import brocker.spec.wire.Event;
import brocker.spec.wire.EventDetails;
import brocker.spec.wire.EventType;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class EventRoutesTest {
    private final Events log = new Events();
    private final WebServer server = WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .addRouting(HttpRouting.builder()
                    .register("/events", new EventRoutes(log))
                    .error(BrockerException.class, (request, response, e) -> Problems.send(response, e)))
            .build()
            .start();

    /** Events in memory; what is removed from the front is forgotten. */
    private static final class Events implements EventLog {
        private final ConcurrentSkipListMap<Long, Event> events = new ConcurrentSkipListMap<>();
        private volatile long forgotten;

        synchronized void add(long... numbers) {
            for (long number : numbers) {
                events.put(
                        number,
                        new Event(
                                number,
                                Instant.EPOCH,
                                EventType.SERVICE_ADDED,
                                new ServiceName("shop"),
                                Optional.empty(),
                                EventDetails.NONE));
            }
            notifyAll();
        }

        synchronized void forget(long last) {
            forgotten = last;
            events.headMap(last, true).clear();
        }

        @Override
        public long newest() {
            return events.isEmpty() ? 0 : events.lastKey();
        }

        @Override
        public long forgotten() {
            return forgotten;
        }

        @Override
        public synchronized List<Event> after(long sequence, int most) {
            if (sequence < forgotten) {
                throw new BrockerException.NotFound("events-forgotten", "gone", "");
            }
            return events.tailMap(sequence, false).values().stream().limit(most).toList();
        }

        @Override
        public synchronized boolean await(long sequence, Duration longest) throws InterruptedException {
            while (newest() <= sequence) {
                wait();
            }
            return true;
        }
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private HttpURLConnection get(String query) throws IOException {
        HttpURLConnection request =
                (HttpURLConnection) URI.create("http://127.0.0.1:" + server.port() + "/events" + query)
                        .toURL()
                        .openConnection();
        // A stream that says nothing fails a test, and does not hold it up.
        request.setReadTimeout(5_000);
        return request;
    }

    private static String text(HttpURLConnection response) throws IOException {
        try (InputStream in =
                response.getResponseCode() == 200 ? response.getInputStream() : response.getErrorStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String event(long number) {
        return "id: " + number + "\nevent: service.added\ndata: {\"sequence\":" + number
                + ",\"at\":\"1970-01-01T00:00:00Z\",\"type\":\"service.added\",\"service\":\"shop\",\"details\":{}}\n\n";
    }

    /** Lines with an id. */
    private static String nextId(BufferedReader lines) throws IOException {
        String line = String.valueOf(lines.readLine());
        while (!line.startsWith("id: ") && !line.equals("null")) {
            line = String.valueOf(lines.readLine());
        }
        return line;
    }

    private static BufferedReader follow(HttpURLConnection request) throws IOException {
        return new BufferedReader(new InputStreamReader(request.getInputStream(), StandardCharsets.UTF_8));
    }

    @Test
    void whatThereIsEndsWithTheNewest() throws Exception {
        log.add(3, 4, 7);
        HttpURLConnection response = get("?follow=false");

        assertThat(response.getContentType()).isEqualTo("text/event-stream");
        assertThat(text(response)).isEqualTo(event(3) + event(4) + event(7));
        assertThat(text(get("?follow=false&since=3"))).isEqualTo(event(4) + event(7));
        assertThat(text(get("?follow=false&since=7"))).isEmpty();
        log.forget(4);
        assertThat(text(get("?follow=false"))).isEqualTo(event(7));
    }

    @Test
    void manyComeInPagesWithoutGapOrRepetition() throws Exception {
        StringBuilder expected = new StringBuilder();
        for (long number = 1; number <= 1001; number++) {
            log.add(number);
            expected.append(event(number));
        }
        assertThat(text(get("?follow=false"))).isEqualTo(expected.toString());
    }

    @Test
    void streamBeginsWithNowAndTellsTheNumberToResumeFrom() throws Exception {
        log.add(1, 2);
        try (BufferedReader lines = follow(get(""))) {
            assertThat(lines.readLine()).isEqualTo("retry: 1000");
            assertThat(nextId(lines)).isEqualTo("id: 2");
            log.add(3);
            assertThat(nextId(lines)).isEqualTo("id: 3");
            log.add(4, 9);
            assertThat(nextId(lines)).isEqualTo("id: 4");
            assertThat(nextId(lines)).isEqualTo("id: 9");
        }
    }

    @Test
    void headerOfAReconnectedReaderCountsMoreThanTheQuery() throws Exception {
        log.add(1, 2, 3);
        HttpURLConnection request = get("?since=0");
        request.setRequestProperty("Last-Event-ID", "2");
        try (BufferedReader lines = follow(request)) {
            assertThat(nextId(lines)).isEqualTo("id: 2");
            assertThat(nextId(lines)).isEqualTo("id: 3");
        }
    }

    @Test
    void forgottenEventsAreAProblemAndNoGap() throws Exception {
        log.add(1, 2, 3);
        log.forget(2);
        HttpURLConnection response = get("?since=1");
        assertThat(response.getResponseCode()).isEqualTo(404);
        assertThat(text(response)).contains("\"code\":\"events-forgotten\"");
    }

    @Test
    void readerThatIsOvertakenIsToldAndTheStreamEnds() throws Exception {
        log.add(1);
        try (BufferedReader lines = follow(get("?since=1"))) {
            assertThat(nextId(lines)).isEqualTo("id: 1");
            synchronized (log) {
                log.add(2, 3);
                log.forget(2);
            }
            assertThat(lines.readLine()).isEmpty();
            assertThat(lines.readLine()).isEqualTo("event: problem");
            assertThat(lines.readLine()).contains("\"code\":\"events-forgotten\"");
            assertThat(lines.readLine()).isEmpty();
            assertThat(lines.readLine()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"?since=", "?since=-1", "?since=x", "?since=99999999999999999999", "?follow=maybe"})
    void whatIsNoNumberOrFlagIsRefused(String query) throws Exception {
        HttpURLConnection response = get(query);
        assertThat(response.getResponseCode()).isEqualTo(400);
        assertThat(text(response)).containsPattern("\"code\":\"invalid-(sequence|follow)\"");
    }
}
