package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients without a token, clients that do not go on and clients that leave: none of them keeps the others from the daemon. */
class FloodTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int HALF_REQUESTS = 4_000;
    private static final String HALF = "GET /api/v1/services HTTP/1.1\r\nHost: ";

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @AfterEach
    void startAgain() {
        if (!BROCKERD.endsWithin(Duration.ZERO)) {
            BROCKERD.stop();
        }
        BROCKERD.start();
    }

    private static SocketAddress tcp() {
        return Wire.tcp(BROCKERD.port());
    }

    private static SocketAddress unix() {
        return Wire.unix(BROCKERD.socket());
    }

    private static String token() {
        return "Authorization: Bearer " + Host.lines(BROCKERD.token()).getFirst();
    }

    private static void assertAnswersOnBothSockets() {
        assertThat(Wire.ask(tcp(), SOON, "/api/v1/health", token())).startsWith("HTTP/1.1 200 ");
        assertThat(Wire.ask(unix(), SOON, "/api/v1/health")).startsWith("HTTP/1.1 200 ");
    }

    private static void flood(int connections, String text, IntConsumer meanwhile) {
        List<Wire> wires = new ArrayList<>();
        try {
            IntStream.range(0, connections).forEach(i -> {
                Wire wire = Wire.to(tcp());
                wires.add(wire);
                wire.say(text);
                meanwhile.accept(i);
            });
        } finally {
            wires.forEach(Wire::close);
        }
    }

    @Test
    void thousandsOfHalfRequestsWithoutATokenKeepNobodyOut() {
        BROCKERD.stop();
        BROCKERD.startBy(List.of("prlimit", "--nofile=256:256"));
        flood(HALF_REQUESTS, HALF, i -> {
            if (i % 500 == 499) {
                assertAnswersOnBothSockets();
            }
        });
        assertAnswersOnBothSockets();
        assertThat(BROCKERD.log()).doesNotContain("Too many open files");
        assertThat(BROCKERD.stop()).isZero();
    }

    /** What the limits do not prevent, as containers need descriptors too. */
    @Test
    void descriptorsThatRunOutEndNoListener() {
        String pid = String.valueOf(BROCKERD.pid());
        Outcome.of("prlimit", "--pid", pid, "--nofile=3:");
        try (Wire waiting = Wire.to(tcp());
                Wire local = Wire.to(unix())) {
            waiting.say("GET /api/v1/health HTTP/1.1\r\nHost: x\r\n" + token() + "\r\n\r\n");
            local.say("GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n");
            Await.until(
                    "the daemon cannot accept and says so",
                    SOON,
                    () -> BROCKERD.log().contains("\" (tried again): Too many open files"));
            Outcome.of("prlimit", "--pid", pid, "--nofile=4096:");
            assertThat(waiting.hear(SOON)).startsWith("HTTP/1.1 200 ");
            assertThat(local.hear(SOON)).startsWith("HTTP/1.1 200 ");
        }
        assertAnswersOnBothSockets();
    }

    @Test
    void clientThatDoesNotFinishItsHeadIsCutAndFollowersAreNot() {
        try (Wire silent = Wire.to(tcp());
                Wire half = Wire.to(tcp());
                Wire dripping = Wire.to(tcp());
                Wire local = Wire.to(unix());
                Wire body = Wire.to(tcp());
                Wire follower = Wire.to(tcp());
                Wire localFollower = Wire.to(unix())) {
            half.say(HALF);
            local.say(HALF);
            dripping.say(HALF);
            body.say("POST /api/v1/services HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf");
            assertThat(body.hear(SOON)).startsWith("HTTP/1.1 401 ");
            assertThat(body.hear(SOON)).isEmpty();
            for (Wire following : List.of(follower, localFollower)) {
                following.say("GET /api/v1/events HTTP/1.1\r\nHost: x\r\n" + token() + "\r\n\r\n");
                assertThat(following.hear(SOON)).startsWith("HTTP/1.1 200 ");
            }
            long end = System.nanoTime() + Duration.ofSeconds(14).toNanos();
            while (System.nanoTime() < end) {
                dripping.say("x");
                Await.pause(Duration.ofMillis(500));
            }
            for (Wire cut : List.of(silent, half, local, dripping)) {
                assertThat(cut.hear(Duration.ofSeconds(1))).isEmpty();
            }
            BROCKERD.addService("{\"name\": \"followed\"}");
            Await.until(
                    "the followers hear of it", SOON, () -> follower.hear(SOON).contains("service.added"));
            Await.until("both do", SOON, () -> localFollower.hear(SOON).contains("service.added"));
        }
        BROCKERD.client("service", "remove", "followed").succeeded();
    }

    /** Whether memory suffices or the process ends by itself, it never stays without answering, and SIGTERM ends it. */
    @Test
    void floodWithASmallHeapLeavesADaemonThatAnswersOrNone() {
        BROCKERD.stop();
        BROCKERD.start("-Xmx20m");
        flood(3_000, HALF + "x".repeat(3_000) + "\r\nX: " + "y".repeat(8_000), _ -> {});
        if (BROCKERD.endsWithin(Duration.ofSeconds(1))) {
            assertThat(BROCKERD.log()).contains("Terminating due to java.lang.OutOfMemoryError");
            return;
        }
        assertAnswersOnBothSockets();
        assertThat(BROCKERD.stop()).isZero();
    }

    /** A client that may do everything can use up the memory; another daemon is then better than half of this one. */
    @Test
    void daemonWithoutMemoryEndsByItself() {
        BROCKERD.stop();
        BROCKERD.start("-Xmx20m");
        try (Wire wire = Wire.to(tcp())) {
            wire.say("POST /api/v1/services HTTP/1.1\r\nHost: x\r\n" + token()
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n7ffffff0\r\n");
            String megabyte = "x".repeat(1 << 20);
            for (int i = 0; i < 100 && wire.say(megabyte); i++) {
                // Until nobody reads it any more.
            }
            assertThat(BROCKERD.endsWithin(Duration.ofSeconds(20)))
                    .as("it said: %s", BROCKERD.log())
                    .isTrue();
        }
        assertThat(BROCKERD.log()).contains("Terminating due to java.lang.OutOfMemoryError");
    }

    @Test
    void clientsThatLeaveInTheMiddleAreNotWorthAWord() {
        BROCKERD.addService("{\"name\": \"left\"}");
        String name = BROCKERD.runTool("left", "sleep");
        List<String> requests = List.of(
                "",
                "GET /api",
                HALF,
                "POST /api/v1/containers HTTP/1.1\r\nHost: x\r\n" + token() + "\r\nContent-Length: 90\r\n\r\n{\"ser",
                "POST /api/v1/containers HTTP/1.1\r\nHost: x\r\n" + token()
                        + "\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"ser",
                "PUT /api/v1/artifacts/" + "0".repeat(64) + " HTTP/1.1\r\nHost: x\r\n" + token()
                        + "\r\nContent-Length: 90000\r\n\r\nhalf",
                "GET /metrics HTTP/1.1\r\nHost: x\r\n" + token() + "\r\n\r\n",
                "GET /api/v1/events HTTP/1.1\r\nHost: x\r\n" + token() + "\r\n\r\n",
                "GET /api/v1/containers/" + name + "/logs?follow=true HTTP/1.1\r\nHost: x\r\n" + token() + "\r\n\r\n");
        for (SocketAddress address : List.of(tcp(), unix())) {
            for (String request : requests) {
                for (int i = 0; i < 20; i++) {
                    Wire reset = Wire.to(address);
                    reset.say(request);
                    reset.reset();
                    Wire closed = Wire.to(address);
                    closed.say(request);
                    closed.close();
                }
            }
        }
        // Followers that have left are noticed with the next event.
        BROCKERD.client("container", "stop", "--timeout=0s", name).succeeded();
        BROCKERD.client("service", "remove", "left").succeeded();
        Await.pause(Duration.ofSeconds(1));
        assertThat(BROCKERD.log().lines().filter(line -> line.startsWith("SEVERE") || line.contains("Exception")))
                .isEmpty();
        assertThat(BROCKERD.log()).doesNotContain("\tat ");
        assertAnswersOnBothSockets();
    }
}
