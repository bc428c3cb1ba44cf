package brocker.client;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.spec.wire.ExecChannel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExecTest {
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private byte[] stdin = new byte[0];

    private int run(FakeExec daemon, OutputStream out, String... args) {
        Map<String, String> env = Map.of("BROCKER_HOST", daemon.address(), "BROCKER_TOKEN", "secret");
        return Main.run(List.of(args), env, new ByteArrayInputStream(stdin), out, stderr);
    }

    private String err() {
        return stderr.toString(StandardCharsets.UTF_8);
    }

    @Test
    void binaryStreamsStayApartAndTheCommandsCodeIsOurs() throws IOException {
        byte[] noise = new byte[300_000];
        new Random(7).nextBytes(noise);
        try (FakeExec daemon = new FakeExec(session -> {
            session.send(ExecChannel.STDOUT, noise);
            session.send(ExecChannel.STDERR, session.request);
            session.send(ExecChannel.RESULT, "{\"code\":42}");
        })) {
            assertThat(run(daemon, stdout, "container", "exec", "5f", "ls", "-l", "--help"))
                    .isEqualTo(42);
            assertThat(daemon.authorization).isEqualTo("Bearer secret");
        }
        assertThat(stdout.toByteArray()).isEqualTo(noise);
        assertThat(err()).contains("[\"ls\",\"-l\",\"--help\"]", "\"stdin\":false");
    }

    @Test
    void stdinIsForwardedToItsEnd() throws IOException {
        stdin = new byte[200_000];
        new Random(9).nextBytes(stdin);
        try (FakeExec daemon = new FakeExec(session -> {
            session.send(ExecChannel.STDOUT, session.stdin().readAllBytes());
            session.send(ExecChannel.RESULT, "{\"code\":0}");
        })) {
            assertThat(run(daemon, stdout, "container", "exec", "-i", "5f", "cat"))
                    .isZero();
        }
        assertThat(stdout.toByteArray()).isEqualTo(stdin);
    }

    @Test
    void slowReaderHoldsTheDaemonBack() throws IOException {
        byte[] chunk = new byte[64 << 10];
        AtomicLong read = new AtomicLong();
        AtomicInteger ahead = new AtomicInteger();
        OutputStream slow = new OutputStream() {
            @Override
            public void write(int b) {
                read.incrementAndGet();
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                LockSupport.parkNanos(length * 20L);
                read.addAndGet(length);
            }
        };
        try (FakeExec daemon = new FakeExec(session -> {
            for (int i = 1; i <= 800; i++) {
                session.send(ExecChannel.STDOUT, chunk);
                int sent = i;
                ahead.accumulateAndGet((int) (sent - read.get() / chunk.length), Math::max);
            }
            session.send(ExecChannel.RESULT, "{\"code\":0}");
        })) {
            int code = run(daemon, slow, "container", "exec", "5f", "yes");
            assertThat(code).as(err()).isZero();
        }
        assertThat(read.get()).isEqualTo(800L * chunk.length);
        assertThat(ahead.get()).as("64 KiB messages in flight").isBetween(1, 300);
    }

    @Test
    void daemonThatDiesMidSessionIsAnError() throws IOException {
        try (FakeExec daemon = new FakeExec(session -> session.send(ExecChannel.STDOUT, "x"))) {
            assertThat(run(daemon, stdout, "container", "exec", "5f", "ls")).isEqualTo(125);
        }
        assertThat(err()).startsWith("error: the connection to the daemon was lost");
    }

    @Test
    void readerThatLeftEndsTheClientQuietly() throws IOException {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        try (FakeExec daemon = new FakeExec(session -> {
            session.send(ExecChannel.STDOUT, "x");
            session.send(ExecChannel.RESULT, "{\"code\":0}");
        })) {
            assertThat(run(daemon, closed, "container", "exec", "5f", "yes")).isEqualTo(141);
        }
        assertThat(err()).isEmpty();
    }
}
