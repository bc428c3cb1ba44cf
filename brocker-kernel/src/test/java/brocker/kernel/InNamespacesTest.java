package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class InNamespacesTest {
    private static final Path NET = Path.of("/proc/thread-self/ns/net");

    @Test
    void bodyRunsOnANamedPlatformThreadOfItsOwn() {
        Thread thread = InNamespaces.call("launcher", Thread::currentThread);
        assertThat(thread.getName()).isEqualTo("launcher");
        assertThat(thread.isVirtual()).isFalse();
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void runtimeExceptionComesUnwrappedAndAnIoExceptionUnchecked() {
        IllegalStateException failure = new IllegalStateException("x");
        assertThatThrownBy(() -> InNamespaces.call("t", () -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThatThrownBy(() -> InNamespaces.call("t", () -> {
                    throw new IOException("y");
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("y");
    }

    @Test
    void interruptIsKeptAndDoesNotCutTheWaitShort() {
        Thread.currentThread().interrupt();
        assertThat(InNamespaces.call("t", () -> 7)).isEqualTo(7);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    @Tag("kernel")
    void unshareChangesNoOtherThread() throws Exception {
        String before = Files.readSymbolicLink(NET).toString();
        String inside = InNamespaces.call("t", () -> {
            Linux.unshare(Linux.CLONE_NEWNET);
            return Files.readSymbolicLink(NET).toString();
        });
        assertThat(inside).startsWith("net:[").isNotEqualTo(before);
        assertThat(Files.readSymbolicLink(NET)).hasToString(before);
        assertThat(InNamespaces.call("u", () -> Files.readSymbolicLink(NET).toString()))
                .isEqualTo(before);
    }

    @Test
    @Tag("kernel")
    void setnsByPidfdJoinsTheNamespacesOfAnotherProcess() throws Exception {
        Process other = new ProcessBuilder("unshare", "--net", "--uts", "sleep", "60").start();
        try (Fd pidfd = Linux.pidfd_open((int) other.pid())) {
            String before = Files.readSymbolicLink(NET).toString();
            Path theirs = Path.of("/proc/" + other.pid() + "/ns/net");
            while (Files.readSymbolicLink(theirs).toString().equals(before)) {
                Thread.sleep(5);
            }
            String inside = InNamespaces.call("t", () -> {
                Linux.setns(pidfd, Linux.CLONE_NEWNET | Linux.CLONE_NEWUTS);
                return Files.readSymbolicLink(NET).toString();
            });
            assertThat(inside).isEqualTo(Files.readSymbolicLink(theirs).toString());
        } finally {
            other.destroyForcibly().waitFor();
        }
    }
}
