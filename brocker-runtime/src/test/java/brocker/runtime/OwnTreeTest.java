package brocker.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brocker.kernel.Exit;
import brocker.spec.BrockerException;
import brocker.spec.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Containers on a directory of the user's, which has links into the host to fall for. */
@RequiresSandbox
@Timeout(60)
final class OwnTreeTest {
    private final Path directory;
    private final Path tree;
    private final TestHost host;

    OwnTreeTest(@TempDir Path directory) {
        this.directory = directory;
        this.tree = directory.resolve("tree");
        this.host = new TestHost(directory);
    }

    /** A shell and its libraries, and links where Brocker itself writes or mounts. */
    @BeforeEach
    void makeTree() throws IOException {
        for (String name : List.of("usr", "bin", "lib", "lib64")) {
            Path original = Path.of("/", name);
            if (Files.isSymbolicLink(original)) {
                Files.createDirectories(tree);
                Files.createSymbolicLink(tree.resolve(name), Files.readSymbolicLink(original));
            }
        }
        for (String program : List.of("sh", "cat", "touch", "stat", "ls", "ln", "rm")) {
            copy(Path.of("/usr/bin", program));
        }
        for (String library : List.of("libc.so.6", "libselinux.so.1", "libpcre2-8.so.0")) {
            copy(Path.of("/usr/lib/x86_64-linux-gnu", library));
        }
        Path loader = Path.of("/usr/lib64/ld-linux-x86-64.so.2");
        Files.createDirectories(tree.resolve("usr/lib64"));
        Files.copy(loader, tree.resolve("usr/lib64/ld-linux-x86-64.so.2"));
        Files.writeString(tree.resolve("marker"), "of the tree\n");
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.createSymbolicLink(tree.resolve("etc"), outside);
        Files.createSymbolicLink(tree.resolve("dev"), outside);
        Files.createSymbolicLink(tree.resolve("data"), outside);
    }

    @AfterEach
    void end() throws Exception {
        host.close();
    }

    private void copy(Path file) throws IOException {
        Path target = tree.resolve(file.toString().substring(1));
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
    }

    private String log(ContainerPlan plan, int code) throws Exception {
        try (RunningContainer container = host.runtime().start(plan)) {
            assertThat(container.exit().get(20, TimeUnit.SECONDS))
                    .as(() -> read(plan))
                    .isEqualTo(new Exit.Code(code));
        } finally {
            host.runtime().delete(plan.name(), plan.hostEnd());
        }
        return read(plan);
    }

    private static String read(ContainerPlan plan) {
        try {
            return Files.readString(plan.record().resolve("log"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void treeIsTheRootAndWhatAContainerChangesIsItsOwn() throws Exception {
        String change =
                "cat /marker; echo changed > /marker; touch /new /usr/new; cat /marker; stat -c 'owner %u' /marker;"
                        + " cat /etc/hostname; ls /proc/1/status /sys/fs/cgroup /dev/null; touch /tmp/t /run/r /app/a";
        ContainerPlan first = host.plan(tree, List.of(), "/bin/sh", "-c", change);

        assertThat(log(first, 0))
                .contains(" F of the tree\n", " F changed\n", " F owner 0\n", " F inside\n", " F /dev/null\n");

        ContainerPlan second = host.plan(tree, List.of(), "/bin/sh", "-c", "cat /marker; ls /new /usr/new");
        assertThat(log(second, 2)).contains(" F of the tree\n").doesNotContain("changed");
        assertThat(tree.resolve("marker")).hasContent("of the tree\n");
        assertThat(tree.resolve("new")).doesNotExist();
        assertThat(first.directory().resolve("a")).exists();
    }

    @Test
    void linksOfTheTreeLeadNowhere() throws Exception {
        Path source = Files.createDirectory(directory.resolve("source"));
        ContainerPlan plan = host.plan(
                tree,
                List.of(new Mount(source.toString(), "/data", false)),
                "/bin/sh",
                "-c",
                "touch /data/made /etc/made /dev/shm/made");

        log(plan, 0);
        assertThat(source.resolve("made")).exists();
        assertThat(directory.resolve("outside")).isEmptyDirectory();
    }

    @Test
    void hostsOwnDirectoriesAreNotSeen() throws Exception {
        assertThat(log(host.plan(tree, List.of(), "/bin/sh", "-c", "ls / /opt /lower /tree"), 2))
                .contains("'/opt'", "'/lower'", "'/tree'")
                .doesNotContain(" F srv");
    }

    @Test
    void aContainerIsStartedAgainOnWhatItHasChanged() throws Exception {
        String command = "cat /changed; echo changed > /changed; cat /etc/hosts /etc/mtab; echo more >> /etc/hosts";
        ContainerPlan plan = host.plan(tree, List.of(), "/bin/sh", "-c", command);

        assertThat(log(plan, 0)).contains("inside\n", " overlay ").doesNotContain(" F changed\n", " F more\n");
        assertThat(log(plan, 0)).contains(" F changed\n").doesNotContain(" F more\n");
        assertThat(plan.layers().orElseThrow().resolve("upper/changed")).hasContent("changed");
        assertThat(plan.layers().orElseThrow().resolve("upper/etc/hosts")).doesNotExist();
        assertThat(plan.record().toFile().list()).containsExactlyInAnyOrder("log", "exit");
    }

    @Test
    void linksThatAContainerMadeOfItsNamesLeadNowhere() throws Exception {
        Path victim = Files.writeString(directory.resolve("victim"), "of the host\n");
        ContainerPlan plan = host.plan(tree, List.of(), "/bin/sh", "-c", "ls -l /etc/hosts");
        Path upper = Files.createDirectories(plan.layers().orElseThrow().resolve("upper/etc"));
        // As a container of an earlier Brocker could.
        for (String name : List.of("hosts", "hostname", "resolv.conf", "mtab")) {
            Files.createSymbolicLink(upper.resolve(name), victim);
        }

        assertThat(log(plan, 0)).contains("/etc/hosts -> " + victim);
        assertThat(victim).hasContent("of the host\n");
    }

    @Test
    void aDirectoryThatAContainerMadeALinkLeadsNowhere() throws Exception {
        ContainerPlan plan = host.plan(tree, List.of(), "/bin/sh", "-c", "ls -ld /etc");
        Path upper = Files.createDirectories(plan.layers().orElseThrow().resolve("upper"));
        Files.createSymbolicLink(upper.resolve("etc"), directory.resolve("outside"));

        assertThat(log(plan, 0)).contains("/etc -> ");
        assertThat(directory.resolve("outside")).isEmptyDirectory();
    }

    @Test
    void namesOfBrockersCannotBeReplacedFromInside() throws Exception {
        ContainerPlan plan =
                host.plan(tree, List.of(), "/bin/sh", "-c", "ln -sf /victim /etc/hosts || rm /etc/hosts || echo kept");
        assertThat(log(plan, 0)).contains(" F kept\n");
    }

    @Test
    void aTreesDirectoryLooksTheSameWhereSomethingIsMountedInIt() throws Exception {
        Path source = Files.createDirectory(directory.resolve("source"));
        Path shop = Files.createDirectories(tree.resolve("srv/shop"));
        Files.setPosixFilePermissions(shop, PosixFilePermissions.fromString("rwxr-x---"));
        Files.setAttribute(shop, "unix:uid", 33);
        Files.setAttribute(shop, "unix:gid", 34);
        ContainerPlan plan = host.plan(
                tree,
                List.of(new Mount(source.toString(), "/srv/shop/data", false)),
                "/bin/sh",
                "-c",
                "stat -c '%u %g %a' /srv/shop; stat -c '%u %a' /etc /app");

        assertThat(log(plan, 0)).contains(" F 33 34 750\n", " F 0 755\n");
        assertThat(tree.resolve("srv/shop")).isEmptyDirectory();
    }

    @Test
    void aSourceIsNotFoundThroughALinkThatAContainerCouldMake() throws Exception {
        Path secret = Files.createDirectory(directory.resolve("secret"));
        Path writable = Files.createDirectory(directory.resolve("writable"));
        Path link = Files.createSymbolicLink(writable.resolve("link"), secret);
        Files.createSymbolicLink(directory.resolve("of-the-administrator"), writable);
        ContainerPlan plan =
                host.plan(tree, List.of(new Mount(link.toString(), "/data", false)), "/bin/sh", "-c", "ls /data");

        BrockerException refusal = catchThrowableOfType(
                BrockerException.CannotStart.class, () -> host.runtime().start(plan));
        assertThat(refusal.message())
                .isEqualTo("cannot mount \"" + link + "\": it has a symbolic link below \"" + writable
                        + "\", where containers can make any");
        host.assertNothingLeft();

        Path own = directory.resolve("of-the-administrator");
        ContainerPlan allowed =
                host.plan(tree, List.of(new Mount(own.toString(), "/data", false)), "/bin/sh", "-c", "ls -l /data/");
        assertThat(log(allowed, 0)).contains("link -> ");
    }

    @Test
    void aPlaceThatAContainerHasTakenAwayIsNamedAsItSeesIt() throws Exception {
        Path source = Files.createDirectory(directory.resolve("source"));
        ContainerPlan plan =
                host.plan(tree, List.of(new Mount(source.toString(), "/srv/shop", false)), "/bin/sh", "-c", "true");
        Path upper = Files.createDirectories(plan.layers().orElseThrow().resolve("upper"));
        Files.createSymbolicLink(upper.resolve("srv"), directory.resolve("outside"));

        BrockerException refusal = catchThrowableOfType(
                BrockerException.CannotStart.class, () -> host.runtime().start(plan));
        assertThat(refusal.message()).isEqualTo("cannot mount \"/srv/shop\": no such file or directory");
        assertThat(directory.resolve("outside")).isEmptyDirectory();
        host.assertNothingLeft();
    }

    @Test
    void missingDirectoryIsRefused() throws Exception {
        ContainerPlan plan = host.plan(directory.resolve("none"), List.of(), "/bin/sh");
        BrockerException refusal = catchThrowableOfType(
                BrockerException.CannotStart.class, () -> host.runtime().start(plan));

        assertThat(refusal.message())
                .isEqualTo("there is no directory \"" + directory.resolve("none") + "\" to be the root");
        host.assertNothingLeft();
    }
}
