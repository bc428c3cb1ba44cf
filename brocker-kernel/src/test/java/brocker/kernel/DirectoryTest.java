package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
final class DirectoryTest {
    private final Path path;
    private final Directory directory;

    DirectoryTest(@TempDir Path path) {
        this.path = path;
        this.directory = Directory.open(path);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private static void assertRefused(Errno errno, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "/a", "a\0b"})
    void whatIsNotOneNameIsRefused(String text) {
        assertThatThrownBy(() -> FileName.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void filesAreMadeWithTheirModeAndNeverThroughALink() throws Exception {
        Files.createSymbolicLink(path.resolve("link"), path.resolve("target"));
        try (Fd file = directory.create(FileName.of("file"), 0666)) {
            Linux.writeFully(file, "text".getBytes(StandardCharsets.UTF_8), 0, 4);
            assertThat(Linux.status(file).mode() & 07777).isEqualTo(0666);
            assertThat(Linux.status(file).isRegularFile()).isTrue();
            assertThat(Linux.status(file).size()).isEqualTo(4);
        }
        assertThat(path.resolve("file")).hasContent("text");
        assertRefused(Errno.EEXIST, () -> directory.create(FileName.of("file"), 0600));
        assertRefused(Errno.EEXIST, () -> directory.create(FileName.of("link"), 0600));
        assertThat(path.resolve("target")).doesNotExist();
    }

    @Test
    void directoriesAreOpenedNeverThroughALink() throws Exception {
        Path outside = Files.createDirectory(path.resolve("outside"));
        Files.createSymbolicLink(path.resolve("link"), outside);

        assertThat(directory.make(FileName.of("made"), 0711)).isTrue();
        assertThat(directory.make(FileName.of("made"), 0700)).isFalse();
        try (Directory made = directory.openOrMake(FileName.of("made"), 0700)) {
            FileStatus status = made.status();
            assertThat(status.isDirectory()).isTrue();
            assertThat(status.mode() & 07777).isEqualTo(0711);
            assertThat(status.inode()).isEqualTo(Files.getAttribute(path.resolve("made"), "unix:ino"));
            assertThat(status.uid()).isEqualTo(Files.getAttribute(path.resolve("made"), "unix:uid"));
            assertThat(status.gid()).isEqualTo(Files.getAttribute(path.resolve("made"), "unix:gid"));
            assertThat(status.device()).isEqualTo(directory.status().device());
        }
        assertThatThrownBy(() -> directory.open(FileName.of("link"))).isInstanceOf(KernelException.class);
        assertThatThrownBy(() -> directory.make(FileName.of("link"), 0700)).isInstanceOf(KernelException.class);
        assertThatThrownBy(() -> directory.openOrMake(FileName.of("link"), 0700))
                .isInstanceOf(KernelException.class);
        try (Directory made = directory.openOrMake(FileName.of("other"), 0711)) {
            assertThat(made.status().mode() & 07777).isEqualTo(0711);
        }
        assertRefused(Errno.ENOENT, () -> directory.open(FileName.of("none")));
    }

    @Test
    @Tag("kernel")
    void mountsAreNotCrossed() throws Exception {
        Path mounted = Files.createDirectory(path.resolve("mounted"));
        InNamespaces.call("mounter", () -> {
            Linux.unshare(Linux.CLONE_NEWNS);
            Linux.mount("", "/", "", Linux.MS_REC | Linux.MS_PRIVATE, "");
            Linux.mount("tmpfs", mounted.toString(), "tmpfs", 0, "");
            try (Directory here = Directory.open(path)) {
                assertRefused(Errno.EXDEV, () -> here.open(FileName.of("mounted")));
                assertThat(here.removeDirectory(FileName.of("mounted"))).contains(Errno.EBUSY);
            }
            return true;
        });
    }

    @Test
    void entriesAreListedAndRemovedByTheirBytes() {
        List<byte[]> names = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            names.add(("entry-" + "x".repeat(i % 200) + i).getBytes(StandardCharsets.UTF_8));
        }
        names.add(new byte[] {(byte) 0xe9, '\n', (byte) 0x80});
        names.forEach(name -> directory.create(FileName.of(name), 0600).close());
        directory.make(FileName.of("directory"), 0700);

        List<Directory.Entry> listed = list();
        assertThat(listed).hasSize(names.size() + 1);
        assertThat(listed.stream()
                        .filter(Directory.Entry::directory)
                        .map(entry -> entry.name().toString()))
                .containsExactly("directory");
        for (Directory.Entry entry : listed) {
            if (!entry.directory()) {
                assertThat(directory.unlink(entry.name())).isEmpty();
            }
        }
        directory.rewind();
        assertThat(list()).hasSize(1);
    }

    private List<Directory.Entry> list() {
        List<Directory.Entry> all = new ArrayList<>();
        for (List<Directory.Entry> batch = directory.next(); !batch.isEmpty(); batch = directory.next()) {
            all.addAll(batch);
        }
        return all;
    }

    @Test
    void removalSaysWhyNot() throws Exception {
        Files.createDirectories(path.resolve("full/inner"));
        Files.createFile(path.resolve("file"));

        assertThat(directory.unlink(FileName.of("full"))).contains(Errno.EISDIR);
        assertThat(directory.removeDirectory(FileName.of("full"))).contains(Errno.ENOTEMPTY);
        assertThat(directory.removeDirectory(FileName.of("file"))).contains(Errno.ENOTDIR);
        assertThat(directory.unlink(FileName.of("none"))).isEmpty();
    }

    @Test
    void anEntryIsMovedAndReplacesAnEmptyDirectoryAlone() throws Exception {
        Files.createDirectories(path.resolve("to/empty"));
        Files.createDirectories(path.resolve("to/full/x"));
        Files.createDirectories(path.resolve("from/file"));
        try (Directory to = directory.open(FileName.of("to"))) {
            assertThat(directory.move(FileName.of("from"), to, FileName.of("full")))
                    .contains(Errno.ENOTEMPTY);
            assertThat(directory.move(FileName.of("from"), to, FileName.of("empty")))
                    .isEmpty();
            assertThat(directory.move(FileName.of("from"), to, FileName.of("other")))
                    .contains(Errno.ENOENT);
        }
        assertThat(path.resolve("to/empty/file")).isDirectory();
    }

    @Test
    void aFileIsReadAsIfTheDirectoryWereTheRoot() throws Exception {
        Files.createDirectories(path.resolve("etc"));
        Files.writeString(path.resolve("etc/real"), "inside");
        Files.createSymbolicLink(path.resolve("etc/absolute"), Path.of("/etc/real"));
        Files.createSymbolicLink(path.resolve("etc/out"), Path.of("../../../../../../../../etc/hostname-of-nobody"));
        Files.createSymbolicLink(path.resolve("etc/loop"), Path.of("loop"));
        Files.createSymbolicLink(path.resolve("etc/long"), Path.of("x".repeat(300)));
        assertThat(new ProcessBuilder("mkfifo", path.resolve("etc/pipe").toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThat(text("etc/real")).contains("inside");
        assertThat(text("etc/absolute")).contains("inside");
        for (String none :
                List.of("etc/out", "etc/loop", "etc/long", "etc/pipe", "etc/none", "etc", "etc/real/below")) {
            assertThat(text(none)).as(none).isEmpty();
        }
    }

    private Optional<String> text(String name) throws IOException {
        Optional<Fd> found = directory.findRegularFile(name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (Fd file = found.get();
                FileChannel channel = RegularFile.channel(file, StandardOpenOption.READ)) {
            return Optional.of(new String(RegularFile.read(channel, 100, name), StandardCharsets.UTF_8));
        }
    }

    @Test
    @Tag("kernel")
    void ownersAndModesAreThoseOfTheDescriptor() throws Exception {
        directory.make(FileName.of("d"), 0700);
        try (Directory opened = directory.open(FileName.of("d"))) {
            Files.move(path.resolve("d"), path.resolve("moved"));
            Files.createSymbolicLink(path.resolve("d"), Path.of("/nowhere"));
            opened.own(1234, 4321);
            opened.permit(0751);
        }
        assertThat(Files.getAttribute(path.resolve("moved"), "unix:uid", LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(1234);
        assertThat(Files.getAttribute(path.resolve("moved"), "unix:gid", LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(4321);
        assertThat((int) Files.getAttribute(path.resolve("moved"), "unix:mode") & 07777)
                .isEqualTo(0751);
    }
}
