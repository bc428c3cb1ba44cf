package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a local user of the host, and another user inside, can do with the files of a container. */
class ModesTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static final String UPLOADS = "\"files\": [\"open\", \"rw-------\", \"rw-r-----\", \"rwx------\"]";

    private static String name = "";

    @BeforeAll
    static void run() throws IOException {
        BROCKERD.addService("{\"name\": \"modes\"}");
        Files.writeString(BROCKERD.work().resolve("open"), "open\n");
        for (String permissions : List.of("rw-------", "rw-r-----", "rwx------")) {
            Path file = Files.writeString(BROCKERD.work().resolve(permissions), "#!/bin/sh\necho secret\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        }
        Files.setPosixFilePermissions(BROCKERD.work().resolve("open"), PosixFilePermissions.fromString("rw-r--r--"));
        name = BROCKERD.runTool("modes", "sleep", UPLOADS);
        // A program that gives its owner's rights to whoever runs it outside.
        as(0, "sh", "-c", "cp /usr/bin/id /app/id && chmod 4755 /app/id").succeeded();
    }

    private static Path app() {
        return BROCKERD.containers().resolve(name);
    }

    /** A command in the container as one of its users. */
    private static Outcome as(int user, String... command) {
        String id = String.valueOf(user);
        return exec(
                name,
                Stream.concat(
                        Stream.of("setpriv", "--reuid", id, "--regid", id, "--clear-groups"), Stream.of(command)));
    }

    private static Outcome exec(String container, Stream<String> command) {
        return BROCKERD.client(Stream.concat(Stream.of("container", "exec", container), command)
                .toArray(String[]::new));
    }

    /** As a user of the host who owns nothing and is in no group. What setpriv itself executes still has root's capabilities. */
    private static Outcome asStranger(String... command) {
        List<String> words = Stream.concat(
                        Stream.of("setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups", "env"),
                        Stream.of(command))
                .toList();
        return Outcome.run(words, Map.of(), new byte[0]);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void noLocalUserReachesAnApp() throws IOException {
        assertThat(permissions(BROCKERD.containers())).isEqualTo("rwx------");
        assertThat(asStranger("cat", app().resolve("open").toString()).stderr()).contains("Permission denied");
        assertThat(asStranger(app().resolve("id").toString()).code()).isNotZero();

        Files.setPosixFilePermissions(BROCKERD.containers(), PosixFilePermissions.fromString("rwx--x--x"));
        assertThat(asStranger("cat", app().resolve("open").toString())
                        .succeeded()
                        .stdout())
                .as("with the directory open, as it was before")
                .isEqualTo("open\n");
        assertThat(asStranger(app().resolve("id").toString()).succeeded().stdout())
                .contains("euid=");

        BROCKERD.stop();
        BROCKERD.start();
        assertThat(permissions(BROCKERD.containers()))
                .as("after the next start")
                .isEqualTo("rwx------");
        assertThat(asStranger("cat", app().resolve("open").toString()).code()).isNotZero();
    }

    @Test
    void stateIsRootsAlone() throws IOException {
        assertThat(permissions(BROCKERD.state())).isEqualTo("rwx------");
    }

    @Test
    void uploadKeepsThatOthersMayNotReadIt() throws IOException {
        assertThat(permissions(app().resolve("open"))).isEqualTo("rw-r--r--");
        assertThat(permissions(app().resolve("rw-------"))).isEqualTo("rw-------");
        assertThat(permissions(app().resolve("rw-r-----"))).isEqualTo("rw-------");
        assertThat(permissions(app().resolve("rwx------"))).isEqualTo("rwx------");

        assertThat(as(0, "./rwx------").succeeded().stdout()).isEqualTo("secret\n");
        assertThat(as(1001, "cat", "rw-r-----").stderr()).contains("Permission denied");
    }

    @Test
    void uploadBelongsToTheContainersUser() {
        String other = BROCKERD.runTool("modes", "sleep", "\"user\": \"1000:1001\"", UPLOADS);

        assertThat(exec(other, Stream.of("cat", "rw-r-----")).succeeded().stdout())
                .contains("secret");
        assertThat(exec(other, Stream.of("stat", "-c", "%u:%g %a", "rw-------"))
                        .succeeded()
                        .stdout())
                .isEqualTo("1000:1001 600\n");
    }

    @Test
    void otherUsersOfTheContainerUseItsDirectory() {
        assertThat(as(1001, "cat", "open").succeeded().stdout()).isEqualTo("open\n");
        assertThat(as(1001, "ls").succeeded().stdout()).contains("open");
    }
}
