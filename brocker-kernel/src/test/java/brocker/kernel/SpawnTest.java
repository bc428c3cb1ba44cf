package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class SpawnTest {
    private static Fd shell() throws IOException {
        return Memfd.sealed("shell", Files.readAllBytes(Path.of("/bin/sh")));
    }

    /** What {@code script} prints to descriptor 1, from a shell that has descriptors 1, 3 (itself) and 7 (a pipe's write end). */
    private static String output(String script) throws Exception {
        try (Fd shell = shell();
                Pipe pipe = Linux.pipe2();
                ExitWatcher watcher = ExitWatcher.open("exits")) {
            int pid = Spawn.of(shell, 3, List.of("sh", "-c", script), List.of("PATH=/bin:/usr/bin", "A=b c"))
                    .with(1, pipe.write())
                    .with(7, pipe.write())
                    .start();
            pipe.write().close();
            try (Fd pidfd = Linux.pidfd_open(pid);
                    FdInputStream in = new FdInputStream(pipe.read())) {
                String output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                assertThat(watcher.watch(pidfd).get(20, TimeUnit.SECONDS)).isEqualTo(new Exit.Code(0));
                return output;
            }
        }
    }

    /** signal(2): sets a signal's disposition in this process and returns the one before. */
    private static MemorySegment disposition(int signal, MemorySegment disposition) {
        MethodHandle handle = Call.handle(
                "signal", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        try (Call call = new Call()) {
            return Call.invoke(() -> (MemorySegment) handle.invokeExact(call.state(), signal, disposition));
        }
    }

    @Test
    void childHasExactlyTheDescriptorsItWasGiven() throws Exception {
        // The shell's own numbers; its glob opens the lowest free one, 0, for the directory.
        assertThat(output("cd /proc/$$/fd; echo [0-9]*").strip()).isIn("0 1 3 7", "1 3 7");
        assertThat(output("readlink /proc/$$/fd/3")).startsWith("/memfd:shell");
    }

    @Test
    void childHasTheEnvironmentAndNothingElseOfOurs() throws Exception {
        assertThat(output("/usr/bin/env | grep -v -e ^PWD= -e ^_= | sort")).isEqualTo("A=b c\nPATH=/bin:/usr/bin\n");
    }

    @Test
    void childIsASessionLeaderWithEverySignalAtItsDefault() throws Exception {
        assertThat(
                        output(
                                "cut -d' ' -f1,6 /proc/$$/stat | { read -r pid session; test $pid = $session && echo leader; }"))
                .isEqualTo("leader\n");
        assertThat(output("grep SigBlk: /proc/self/status")).isEqualTo("SigBlk:\t0000000000000000\n");
        MemorySegment before = disposition(Linux.SIGWINCH, MemorySegment.ofAddress(1)); // SIG_IGN
        try {
            String ignored = output("grep SigIgn: /proc/self/status").split(":", -1)[1];
            long ownOfGlibc = (1L << 31) | (1L << 32);
            assertThat(Long.parseUnsignedLong(ignored.strip(), 16) & ~ownOfGlibc)
                    .isZero();
        } finally {
            disposition(Linux.SIGWINCH, before);
        }
    }

    @Test
    void whatIsNoProgramIsRefusedWithItsName() {
        try (Fd text = Memfd.sealed("text", "no program".getBytes(StandardCharsets.UTF_8))) {
            assertThatThrownBy(
                            () -> Spawn.of(text, 3, List.of("text"), List.of()).start())
                    .isInstanceOf(KernelException.class)
                    .hasMessage("posix_spawn(\"text\"): ENOEXEC (exec format error)");
        }
    }

    @Test
    void wrongRequestsAreRefusedWhenTheyAreMade() throws Exception {
        try (Fd shell = shell()) {
            assertThatThrownBy(() -> Spawn.of(shell, 3, List.of(), List.of()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Spawn.of(shell, Fd.LOWEST, List.of("sh"), List.of()))
                    .isInstanceOf(IllegalArgumentException.class);
            Spawn spawn = Spawn.of(shell, 3, List.of("sh"), List.of());
            assertThatThrownBy(() -> spawn.with(3, shell)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    @Tag("kernel")
    void firstChildAfterUnshareIsPid1() throws Exception {
        String output = InNamespaces.call("launcher", () -> {
            Linux.unshare(Linux.CLONE_NEWPID
                    | Linux.CLONE_NEWNS
                    | Linux.CLONE_NEWNET
                    | Linux.CLONE_NEWUTS
                    | Linux.CLONE_NEWIPC);
            try (Fd shell = shell();
                    Pipe pipe = Linux.pipe2()) {
                Spawn.of(shell, 3, List.of("sh", "-c", "echo $$ $(exec echo nested)"), List.of())
                        .with(1, pipe.write())
                        .start();
                pipe.write().close();
                byte[] bytes = new byte[99];
                int count = Linux.read(pipe.read(), bytes, 0, 99);
                return new String(bytes, 0, count, StandardCharsets.UTF_8);
            }
        });
        assertThat(output).isEqualTo("1 nested\n");
    }
}
