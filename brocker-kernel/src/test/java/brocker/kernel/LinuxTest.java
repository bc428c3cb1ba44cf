package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LinuxTest {
    private static void assertRefused(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(KernelException.class).hasMessage(message);
    }

    @Test
    void wrongCallsNameObjectAndErrno() {
        assertRefused(
                "open(\"/nowhere/x\"): ENOENT (no such file or directory)",
                () -> Linux.open("/nowhere/x", Linux.O_RDONLY, 0));
        assertRefused("unshare(\"0x1\"): EINVAL (invalid argument)", () -> Linux.unshare(1));
        assertRefused("statfs(\"/nowhere\"): ENOENT (no such file or directory)", () -> Linux.statfs_type("/nowhere"));
        assertRefused("pidfd_open(-1): EINVAL (invalid argument)", () -> Linux.pidfd_open(-1));
        assertRefused("kill(2147483647): ESRCH (no such process)", () -> Linux.kill(Integer.MAX_VALUE, 0));
        assertRefused("memfd_create(\"x\"): EINVAL (invalid argument)", () -> Linux.memfd_create("x", 0x4000_0000));
        try (Pipe pipe = Linux.pipe2()) {
            assertRefused(
                    "setns(" + pipe.read() + "): EINVAL (invalid argument)",
                    () -> Linux.setns(pipe.read(), Linux.CLONE_NEWNET));
            assertRefused(
                    "write(" + pipe.read() + "): EBADF (bad file descriptor)",
                    () -> Linux.writeFully(pipe.read(), new byte[1], 0, 1));
            assertRefused("pidfd_getfd(0): EBADF (bad file descriptor)", () -> Linux.pidfd_getfd(pipe.read(), 0));
            assertRefused(
                    "pidfd_send_signal(9): EBADF (bad file descriptor)",
                    () -> Linux.pidfd_send_signal(pipe.read(), Linux.SIGKILL));
        }
    }

    @Test
    @Tag("kernel")
    void wrongMountsNameTheTarget() {
        assertRefused(
                "mount(\"/nowhere\"): ENOENT (no such file or directory)",
                () -> Linux.mount("", "/nowhere", "tmpfs", 0, ""));
        assertRefused("umount2(\"/proc/self\"): EINVAL (invalid argument)", () -> Linux.umount2("/proc/self", 0));
        assertRefused("mount(\"/tmp\"): ENODEV (no such device)", () -> Linux.mount("", "/tmp", "no-such-fs", 0, ""));
    }

    @Test
    @Tag("kernel")
    void sizeOfATmpfsChangesWhileItIsInAnotherMountNamespace(@TempDir Path directory) throws Exception {
        Process holder = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "--propagation",
                        "private",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o size=4m tmpfs \"$0\" && echo mounted && read line && df -B1 --output=size \"$0\"",
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = holder.inputReader();
                var in = holder.outputWriter()) {
            assertThat(out.readLine()).isEqualTo("mounted");
            Linux.reconfigure("/proc/" + holder.pid() + "/root" + directory, "size", "8388608");
            assertRefused(
                    "fsconfig(\"sise\"): EINVAL (invalid argument)",
                    () -> Linux.reconfigure("/proc/" + holder.pid() + "/root" + directory, "sise", "1"));
            in.write("go\n");
            in.flush();
            assertThat(out.lines().map(String::strip)).contains("8388608");
        } finally {
            holder.destroyForcibly().waitFor();
        }
        assertRefused(
                "fspick(\"" + directory + "\"): EINVAL (invalid argument)",
                () -> Linux.reconfigure(directory.toString(), "size", "1"));
    }

    @Test
    @Tag("kernel")
    void mountInAPrivateTreeIsSeenThereOnly(@TempDir Path directory) {
        long before = Linux.statfs_type(directory.toString());
        long inside = InNamespaces.call("mounter", () -> {
            Linux.unshare(Linux.CLONE_NEWNS);
            Linux.mount("", "/", "", Linux.MS_REC | Linux.MS_PRIVATE, "");
            Linux.mount("proc", directory.toString(), "proc", Linux.MS_NOSUID, "");
            long type = Linux.statfs_type(directory.toString());
            Linux.umount2(directory.toString(), Linux.MNT_DETACH);
            assertThat(Linux.statfs_type(directory.toString())).isEqualTo(before);
            return type;
        });
        assertThat(inside).isEqualTo(Linux.PROC_SUPER_MAGIC);
        assertThat(Linux.statfs_type(directory.toString())).isEqualTo(before);
    }

    @Test
    void umaskIsTheProcesss(@TempDir Path directory) throws Exception {
        int before = Linux.umask(077);
        try {
            Files.createFile(directory.resolve("f"));
            assertThat(Files.getPosixFilePermissions(directory.resolve("f"))).hasSize(2);
        } finally {
            assertThat(Linux.umask(before)).isEqualTo(077);
        }
    }

    @Test
    @Tag("kernel")
    void aNodeHasTheNumbersAndTheOwner(@TempDir Path directory) throws Exception {
        Path node = directory.resolve("node");
        Linux.mknod(node.toString(), Linux.S_IFCHR | 0600, 1, 3);
        Linux.lchown(node.toString(), 7, 8);

        assertThat(Files.getAttribute(node, "unix:rdev")).isEqualTo(1L << 8 | 3);
        assertThat(Files.getAttribute(node, "unix:mode")).isEqualTo(Linux.S_IFCHR | 0600);
        assertThat(Files.getAttribute(node, "unix:uid")).isEqualTo(7);
        assertThat(Files.getAttribute(node, "unix:gid")).isEqualTo(8);
        assertRefused(
                "mknod(\"" + node + "\"): EEXIST (file exists)",
                () -> Linux.mknod(node.toString(), Linux.S_IFCHR, 1, 3));
        assertRefused("lchown(\"/nowhere\"): ENOENT (no such file or directory)", () -> Linux.lchown("/nowhere", 1, 1));
    }

    @Test
    void nulInAPathIsRefusedBeforeTheKernelSeesHalfOfIt() {
        assertThatThrownBy(() -> Linux.open("/tmp\0/x", Linux.O_RDONLY, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void openat2InRootKeepsASymlinkInside(@TempDir Path directory) throws Exception {
        Files.createSymbolicLink(directory.resolve("passwd"), Path.of("/etc/passwd"));
        try (Fd root = Linux.open(directory.toString(), Linux.O_PATH | Linux.O_DIRECTORY, 0)) {
            assertRefused(
                    "openat2(\"passwd\"): ENOENT (no such file or directory)",
                    () -> Linux.openat2(root, "passwd", Linux.O_RDONLY, Linux.RESOLVE_IN_ROOT));
            assertRefused(
                    "openat2(\"passwd\"): ELOOP (too many levels of symbolic links)",
                    () -> Linux.openat2(root, "passwd", Linux.O_RDONLY, Linux.RESOLVE_NO_SYMLINKS));
            Linux.openat2(root, "passwd", Linux.O_RDONLY, 0).close();
        }
    }

    @Test
    void everyFdIsCloseOnExecAndAboveTheSpawnTargets(@TempDir Path directory) throws Exception {
        String file = directory.resolve("f").toString();
        try (Pipe pipe = Linux.pipe2();
                Fd made = Linux.open(file, Linux.O_CREAT | Linux.O_RDWR, 0600);
                Fd copy = made.duplicate();
                Fd memfd = Memfd.sealed("m", new byte[0]);
                Fd self = Linux.pidfd_open(Linux.getpid())) {
            for (Fd fd : java.util.List.of(pipe.read(), pipe.write(), made, copy, memfd, self)) {
                assertThat(fd.number()).isGreaterThanOrEqualTo(Fd.LOWEST);
                String info = Files.readString(Path.of("/proc/self/fdinfo/" + fd.number()));
                int flags = Integer.parseInt(info.lines().toList().get(1).replaceAll("\\D+", ""), 8);
                assertThat(flags & Linux.O_CLOEXEC).isNotZero();
            }
        }
    }

    @Test
    void closedFdHasNoNumberAndClosesOnce() {
        Pipe pipe = Linux.pipe2();
        int number = pipe.read().number();
        pipe.close();
        assertThat(Files.exists(Path.of("/proc/self/fd/" + number))).isFalse();
        try (Pipe other = Linux.pipe2()) {
            pipe.close();
            assertThat(Files.exists(Path.of("/proc/self/fd/" + other.read().number())))
                    .isTrue();
        }
        assertThatThrownBy(() -> pipe.read().number()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void streamsCarryMoreThanAPipeHolds() throws Exception {
        byte[] content = new byte[1_000_000];
        new java.util.Random(7).nextBytes(content);
        Pipe pipe = Linux.pipe2();
        Thread writer = Thread.ofPlatform().start(() -> {
            try (FdOutputStream out = new FdOutputStream(pipe.write())) {
                out.write(content);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        try (FdInputStream in = new FdInputStream(pipe.read())) {
            assertThat(in.readAllBytes()).isEqualTo(content);
            assertThat(in.read()).isEqualTo(-1);
        }
        writer.join();
    }

    @Test
    void pollTellsReadableFromQuietFromHungUp() {
        try (Pipe pipe = Linux.pipe2()) {
            assertThat(Linux.poll(pipe.read(), Linux.POLLIN, Duration.ofMillis(20)))
                    .isZero();
            Linux.writeFully(pipe.write(), new byte[1], 0, 1);
            assertThat(Linux.poll(pipe.read(), Linux.POLLIN, Duration.ofSeconds(5)))
                    .isEqualTo(Linux.POLLIN);
            assertThat(Linux.read(pipe.read(), new byte[9], 0, 9)).isEqualTo(1);
            pipe.write().close();
            assertThat(Linux.poll(pipe.read(), Linux.POLLIN, Duration.ofSeconds(5)))
                    .isEqualTo(Linux.POLLHUP);
        }
    }

    @Test
    void sealedMemfdKeepsItsContent() {
        byte[] content = "content".getBytes(StandardCharsets.UTF_8);
        try (Fd fd = Memfd.sealed("sealed", content)) {
            assertRefused(
                    "write(" + fd + "): EPERM (operation not permitted)", () -> Linux.writeFully(fd, content, 0, 1));
            try (Call call = new Call()) {
                assertThat(LibC.fcntl(call, fd.number(), LibC.F_GET_SEALS, 0) & LibC.F_SEAL_ALL)
                        .isEqualTo(LibC.F_SEAL_ALL);
            }
            byte[] read = new byte[99];
            assertThat(Linux.read(fd, read, 0, 99)).isEqualTo(content.length);
            assertThat(read).startsWith(content);
        }
    }

    @Test
    void ownNumbersAreThoseOfProc() throws Exception {
        assertThat(Linux.getpid()).isEqualTo((int) ProcessHandle.current().pid());
        assertThat(Linux.gettid())
                .isEqualTo(Integer.parseInt(Files.readSymbolicLink(Path.of("/proc/thread-self"))
                        .getFileName()
                        .toString()));
        assertThat(Linux.geteuid()).isEqualTo(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    @Test
    @Tag("kernel")
    void makingNamespacesTakesTheCapabilityThatIsReported() {
        assertThat(Linux.effective_capabilities() & (1L << Linux.CAP_SYS_ADMIN)).isNotZero();
    }
}
