package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ExitWatcherTest {
    private static int start(Fd shell, String script) {
        return Spawn.of(shell, 3, List.of("sh", "-c", script), List.of("PATH=/bin:/usr/bin"))
                .start();
    }

    private static Fd shell() throws Exception {
        return Memfd.sealed("shell", Files.readAllBytes(Path.of("/bin/sh")));
    }

    private static void runTwoHundredChildren() throws Exception {
        List<CompletableFuture<Exit>> exits = new ArrayList<>();
        List<Integer> pids = new ArrayList<>();
        try (Fd shell = shell();
                ExitWatcher watcher = ExitWatcher.open("exits")) {
            for (int i = 0; i < 200; i++) {
                int pid = start(shell, i % 2 == 0 ? "exit " + i : "kill -9 $$");
                pids.add(pid);
                try (Fd pidfd = Linux.pidfd_open(pid)) {
                    exits.add(watcher.watch(pidfd));
                }
            }
            for (int i = 0; i < 200; i++) {
                assertThat(exits.get(i).get(30, TimeUnit.SECONDS))
                        .isEqualTo(i % 2 == 0 ? new Exit.Code(i) : new Exit.Signal(Linux.SIGKILL));
                assertThat(ProcessIdentity.of(pids.get(i))).isEmpty();
            }
        }
    }

    @Test
    void whatIsNotOurChildEndsUnknown() throws Exception {
        Process parent = new ProcessBuilder("sh", "-c", "sleep 60 & echo $!; wait").start();
        try (ExitWatcher watcher = ExitWatcher.open("exits")) {
            int grandchild = Integer.parseInt(parent.inputReader().readLine());
            try (Fd pidfd = Linux.pidfd_open(grandchild)) {
                CompletableFuture<Exit> exit = watcher.watch(pidfd);
                assertThat(exit).isNotDone();
                Linux.pidfd_send_signal(pidfd, Linux.SIGKILL);
                assertThat(exit.get(20, TimeUnit.SECONDS)).isEqualTo(new Exit.Unknown());
            }
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    @Test
    void closeCancelsWhatRunsAndLeavesTheProcessAlone() throws Exception {
        try (Fd shell = shell()) {
            int pid = start(shell, "exec sleep 60");
            try (Fd pidfd = Linux.pidfd_open(pid)) {
                ExitWatcher watcher = ExitWatcher.open("exits");
                CompletableFuture<Exit> exit = watcher.watch(pidfd);
                watcher.close();
                watcher.close();
                assertThatThrownBy(exit::get).isInstanceOf(CancellationException.class);
                assertThatThrownBy(() -> watcher.watch(pidfd)).isInstanceOf(IllegalStateException.class);
                Linux.kill(pid, 0);
                try (ExitWatcher second = ExitWatcher.open("second")) {
                    CompletableFuture<Exit> ended = second.watch(pidfd);
                    Linux.kill(pid, Linux.SIGTERM);
                    assertThat(ended.get(20, TimeUnit.SECONDS)).isEqualTo(new Exit.Signal(Linux.SIGTERM));
                }
            }
        }
    }

    @Test
    void twoHundredChildrenAreReapedWithTheirCodesAndSignals() throws Exception {
        runTwoHundredChildren();
    }

    @Test
    void watchingLeavesNoDescriptorBehind() throws Exception {
        long before = openFds();
        runTwoHundredChildren();
        assertThat(openFds()).isLessThan(before + 20);
    }

    private static long openFds() throws Exception {
        try (var fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.count();
        }
    }
}
