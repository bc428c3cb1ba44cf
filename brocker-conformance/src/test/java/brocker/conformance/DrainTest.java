package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is in flight at a container that leaves is served until it ends or the drain time-out is over, and only then is it stopped. */
class DrainTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final int port = Brockerd.freePort();

    /** How something in flight went: whole or cut, and when that was. */
    private record Flight(boolean whole, Instant ended) {}

    /** How a stop went: when it was asked for, what became of everything in flight, and when the container had ended. */
    private record Stop(Instant asked, Map<String, Flight> flights, Instant ended) {}

    @AfterEach
    void remove() {
        BROCKERD.client("service", "remove", "shop");
    }

    @Test
    void whatEndsInTimeIsServedWholeAndThenItIsStopped() throws Exception {
        Stop stop = stopUnder("30s", 3_000);
        assertThat(stop.flights)
                .allSatisfy((what, flight) -> assertThat(flight.whole).as(what).isTrue());
        Instant last = stop.flights.values().stream()
                .map(Flight::ended)
                .max(Instant::compareTo)
                .orElseThrow();
        assertThat(last).as("they did go on after it had left").isAfter(stop.asked.plusMillis(500));
        assertThat(stop.ended).as("stopped when the last was over").isAfter(last.minusMillis(50));
        assertThat(stop.ended).as("and not at the time-out").isBefore(stop.asked.plusSeconds(25));
    }

    @Test
    void whatTakesLongerIsCutAtTheTimeoutAndNotEarlier() throws Exception {
        Stop stop = stopUnder("1500ms", 60_000);
        assertThat(stop.flights).allSatisfy((what, flight) -> {
            assertThat(flight.whole).as(what).isFalse();
            assertThat(flight.ended)
                    .as(what)
                    .isAfter(stop.asked.plusMillis(1_500))
                    .isBefore(stop.asked.plusSeconds(20));
        });
        assertThat(stop.ended).isAfter(stop.asked.plusMillis(1_500));
    }

    /** Stops a container while everything is in flight there, each to go on for so long. */
    private Stop stopUnder(String drainTimeout, int millis) throws Exception {
        String name = add(drainTimeout);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<String, Future<Flight>> begun = begin(threads, millis);
            Instant asked = Instant.now();
            BROCKERD.client("container", "stop", name).succeeded();
            return new Stop(asked, landed(begun), ended(name));
        }
    }

    private String add(String drainTimeout) {
        BROCKERD.addService("""
                {"name": "shop", "publish": "127.0.0.1:%d", "port": 9000, "drain-timeout": "%s"}""".formatted(port, drainTimeout));
        String name = BROCKERD.runTool("shop", "serve 9000");
        BROCKERD.awaitReady("shop", 1);
        return name;
    }

    /** Begins everything, each to go on for so long, and returns when the application has all of it. */
    private Map<String, Future<Flight>> begin(ExecutorService threads, int millis) throws IOException {
        Map<String, Future<Flight>> begun = new TreeMap<>();
        Socket late = request("GET /late/" + millis + " HTTP/1.1\r\n");
        begun.put("a slow answer", threads.submit(flight(late, () -> upTo(late.getInputStream(), "late\n"))));
        Socket stream = request("GET /stream/" + millis + " HTTP/1.1\r\n");
        InputStream events = stream.getInputStream();
        assertThat(upTo(events, "data: x\n")).isTrue();
        begun.put("a stream of events", threads.submit(flight(stream, () -> upTo(events, "data: end\n"))));
        Socket upgraded = request("GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n");
        assertThat(Http.head(upgraded.getInputStream())).startsWith("HTTP/1.1 101 ");
        begun.put("an upgraded connection", threads.submit(flight(upgraded, () -> echoes(upgraded, millis))));
        Socket upload = request("POST /x HTTP/1.1\r\nContent-Length: " + millis / 100 + "\r\nConnection: close\r\n");
        begun.put("an upload", threads.submit(flight(upload, () -> uploads(upload, millis / 100))));
        Await.pause(Duration.ofMillis(300));
        return begun;
    }

    private static Map<String, Flight> landed(Map<String, Future<Flight>> begun) throws Exception {
        Map<String, Flight> flights = new TreeMap<>();
        for (Map.Entry<String, Future<Flight>> flight : begun.entrySet()) {
            flights.put(flight.getKey(), flight.getValue().get());
        }
        return flights;
    }

    private Socket request(String head) throws IOException {
        Socket socket = Http.connect("127.0.0.1", port);
        socket.getOutputStream().write((head + "Host: shop\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static Callable<Flight> flight(Socket socket, Callable<Boolean> rest) {
        return () -> {
            boolean whole;
            try (socket) {
                whole = rest.call();
            } catch (java.net.SocketTimeoutException e) {
                throw e;
            } catch (IOException _) {
                // Reset: cut.
                whole = false;
            }
            return new Flight(whole, Instant.now());
        };
    }

    /** Reads until this text; false when the connection ends before. */
    private static boolean upTo(InputStream in, String text) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf(text) < 0) {
            int next = in.read();
            if (next < 0) {
                return false;
            }
            seen.append((char) next);
        }
        return true;
    }

    /** Sends and receives a byte every 100 ms. */
    private static boolean echoes(Socket socket, int millis) throws IOException {
        OutputStream out = socket.getOutputStream();
        for (int i = 0; i < millis / 100; i++) {
            out.write('x');
            if (socket.getInputStream().read() != 'x') {
                return false;
            }
            Await.pause(Duration.ofMillis(100));
        }
        return true;
    }

    /** Sends a byte every 100 ms, and expects that all have arrived. */
    private static boolean uploads(Socket socket, int bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        for (int i = 0; i < bytes; i++) {
            out.write('x');
            Await.pause(Duration.ofMillis(100));
        }
        return upTo(socket.getInputStream(), " " + bytes + "\n");
    }

    private static Instant ended(String name) {
        return Instant.parse(BROCKERD.view(name).path("ended").asString());
    }
}
