package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Disks that the host has mounted below its system directories, as a container's root meets them. */
class SubmountTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static final Path OPT = Path.of("/opt");
    private static final Path DISK = OPT.resolve("a disk");

    @BeforeAll
    static void add() {
        BROCKERD.addService("{\"name\": \"disks\"}");
    }

    /** Of this test's mount namespace alone, as scripts/sandbox has made it. */
    @BeforeEach
    void mountDisk() throws IOException {
        Outcome.of("mount", "-t", "tmpfs", "opt", OPT.toString());
        Files.createDirectory(DISK);
        Outcome.of("mount", "-t", "tmpfs", "-o", "mode=1777", "disk", DISK.toString());
        Path file = Files.writeString(DISK.resolve("file"), "original");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    }

    @AfterEach
    void unmount() {
        Outcome.of("umount", DISK.toString());
        Outcome.of("umount", OPT.toString());
    }

    private static String said(String keys) {
        String json = """
                {"service-name": "disks", "command": ["sh", "-c",
                 "echo overwritten >'/opt/a disk/file'; touch '/opt/a disk/new' /opt/new; grep /opt /proc/self/mounts"]%s}
                """.formatted(keys);
        Outcome outcome = BROCKERD.client(
                "container",
                "run",
                "--attach",
                BROCKERD.file("disks.json", json).toString());
        return outcome.succeeded().stdout();
    }

    private static void assertUntouched(String said) throws IOException {
        assertThat(said.lines())
                .hasSize(2)
                .allMatch(line -> line.contains(" ro,nosuid,nodev,"))
                .anyMatch(line -> line.startsWith("disk /opt/a\\040disk "));
        assertThat(DISK.resolve("file")).hasContent("original");
        assertThat(DISK.resolve("new")).doesNotExist();
        assertThat(OPT.resolve("new")).doesNotExist();
    }

    @Test
    void aContainerCannotWriteThem() throws IOException {
        assertUntouched(said(""));
        assertUntouched(said(", \"read-only\": true"));
        assertUntouched(said(", \"user-namespace\": false"));
    }

    @Test
    void whatIsMountedLaterIsSeenAndReadOnly() throws IOException {
        assertUntouched(said(""));
        Path later = Files.createDirectory(OPT.resolve("later"));
        Outcome.of("mount", "-t", "tmpfs", "-o", "mode=1777", "later", later.toString());
        String said = said("");
        Outcome.of("umount", later.toString());

        assertThat(said.lines()).hasSize(3).allMatch(line -> line.contains(" ro,nosuid,nodev,"));
        assertThat(said("").lines()).as("after it was unmounted").hasSize(2);
    }

    @Test
    void noPlaceIsMadeOnThem() {
        String json = """
                {"service-name": "disks", "command": "/bin/true", "tmpfs": [{"target": "/opt/a disk/place"}]}
                """;
        BROCKERD.client("container", "run", BROCKERD.file("place.json", json).toString())
                .failed(1)
                .saying("cannot mount on \"/opt/a disk/place\"");
        assertThat(DISK.resolve("place")).doesNotExist();
    }
}
