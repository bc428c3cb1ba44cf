package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
final class NamespaceVisitorTest {
    private static final Path NET = Path.of("/proc/thread-self/ns/net");

    private static String network() throws IOException {
        return Files.readSymbolicLink(NET).toString();
    }

    /** An empty network, held by nobody else. */
    private static Fd other() {
        return InNamespaces.call("other", () -> {
            Linux.unshare(Linux.CLONE_NEWNET);
            return Linux.open(NET.toString(), Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
        });
    }

    private static Fd here() {
        return Linux.open(NET.toString(), Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
    }

    @Test
    void itVisitsOneAfterTheOtherOnOneThreadAndIsAtHomeBetween() throws Exception {
        String home = network();
        try (NamespaceVisitor visitor = NamespaceVisitor.ofNetworks("visitor");
                Fd first = other();
                Fd second = other();
                Fd own = here()) {
            Thread thread = visitor.call(own, Thread::currentThread);
            assertThat(thread.getName()).isEqualTo("visitor");
            String one = visitor.call(first, NamespaceVisitorTest::network);
            String two = visitor.call(second, NamespaceVisitorTest::network);
            assertThat(one).isNotEqualTo(home).isNotEqualTo(two);
            assertThat(two).isNotEqualTo(home);
            assertThat(visitor.call(own, Thread::currentThread)).isSameAs(thread);
            assertThat(networkOf(thread)).isEqualTo(home);
            assertThat(network()).isEqualTo(home);
        }
    }

    @Test
    void itGoesHomeFromAFailureToo() throws Exception {
        try (NamespaceVisitor visitor = NamespaceVisitor.ofNetworks("failing");
                Fd there = other();
                Fd own = here()) {
            Thread thread = visitor.call(own, Thread::currentThread);
            assertThatThrownBy(() -> visitor.call(there, () -> {
                        throw new IOException("y");
                    }))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasRootCauseMessage("y");
            assertThat(networkOf(thread)).isEqualTo(network());
        }
    }

    @Test
    void whatIsNoNamespaceIsRefusedAndTheNextVisitWorks() throws Exception {
        try (NamespaceVisitor visitor = NamespaceVisitor.ofNetworks("refused");
                Fd file = Linux.open("/dev/null", Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
                Fd own = here()) {
            assertThatThrownBy(() -> visitor.call(file, () -> 1)).hasMessageContaining("EINVAL");
            assertThat(visitor.call(own, NamespaceVisitorTest::network)).isEqualTo(network());
        }
    }

    /** As the kernel sees it while the thread waits for work. */
    private static String networkOf(Thread thread) throws IOException {
        try (var tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                if (name(task).equals(thread.getName())) {
                    return Files.readSymbolicLink(task.resolve("ns/net")).toString();
                }
            }
        }
        throw new AssertionError("no thread \"" + thread.getName() + "\"");
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException _) {
            // It has ended since it was listed.
            return "";
        }
    }
}
