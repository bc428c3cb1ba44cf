package brocker.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brocker.runtime.cgroup.Limits;
import brocker.spec.BrockerException;
import brocker.spec.Mount;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A container that cannot be started leaves nothing on the host, and the failure names what is wrong. */
@RequiresSandbox
@Timeout(30)
final class FailedStartTest {
    private static final Limits NO_LIMITS = Limits.DEFAULT;

    private final Path directory;
    private final TestHost host;

    FailedStartTest(@TempDir Path directory) {
        this.directory = directory;
        this.host = new TestHost(directory);
    }

    @BeforeEach
    void begin() {
        host.assertNothingLeft();
    }

    @AfterEach
    void end() throws Exception {
        host.close();
    }

    @Test
    void commandThatDoesNotExistLeavesNothing() throws Exception {
        BrockerException refusal = host.refusal(host.plan("/usr/bin/jav"));

        assertThat(refusal).isInstanceOf(BrockerException.CannotStart.class);
        assertThat(refusal.message()).isEqualTo("cannot start: \"/usr/bin/jav\": no such file or directory");
        assertThat(refusal.hint().orElse("")).contains("\"copy-file\"");
    }

    @Test
    void commandThatIsNotExecutableLeavesNothing() throws Exception {
        BrockerException refusal = host.refusal(host.plan("/etc/passwd"));

        assertThat(refusal).isInstanceOf(BrockerException.CannotStart.class);
        assertThat(refusal.message()).isEqualTo("cannot start: \"/etc/passwd\": permission denied");
    }

    @Test
    void missingWorkingDirectoryLeavesNothing() throws Exception {
        BrockerException refusal = host.refusal(host.plan(NO_LIMITS, List.of(), "/nowhere", "/bin/true"));

        assertThat(refusal).isInstanceOf(BrockerException.CannotStart.class);
        assertThat(refusal.message())
                .isEqualTo("cannot start: the working directory \"/nowhere\": no such file or directory");
    }

    @Test
    void missingMountSourceLeavesNothing() throws Exception {
        BrockerException refusal =
                host.refusal(host.plan(NO_LIMITS, List.of(new Mount("/no/such", "/data", true)), "/app", "/bin/true"));

        assertThat(refusal.code()).isEqualTo("missing-mount-source");
        assertThat(refusal.message()).isEqualTo("cannot mount \"/no/such\": no such file or directory");
    }

    @Test
    void symbolicLinkInAMountTargetLeavesNothing() throws Exception {
        BrockerException refusal =
                host.refusal(host.plan(NO_LIMITS, List.of(new Mount("/usr", "/var/run/x", true)), "/app", "/bin/true"));

        assertThat(refusal.code()).isEqualTo("invalid-mount");
        assertThat(refusal.message()).isEqualTo("cannot mount on \"/var/run/x\": \"/var/run\" is a symbolic link");
    }

    @Test
    void mountTargetInAReadOnlyDirectoryLeavesNothing() throws Exception {
        BrockerException refusal =
                host.refusal(host.plan(NO_LIMITS, List.of(new Mount("/usr", "/usr/new", true)), "/app", "/bin/true"));

        assertThat(refusal.message())
                .isEqualTo(
                        "cannot mount on \"/usr/new\": it is in a read-only directory of the host and does not exist");
    }

    @Test
    void missingBridgeLeavesNothing() throws Exception {
        host.runtime().network().deleteBridge(host.bridge());
        BrockerException refusal = host.refusal(host.plan("/bin/true"));

        assertThat(refusal).isInstanceOf(BrockerException.Host.class);
        assertThat(refusal.message()).contains("\"" + host.bridge() + "\"").contains("ENODEV");
    }

    @Test
    void reasonIsToldOfAnInitThatFailsBeforeItIsReleased() throws Exception {
        for (int i = 0; i < 10; i++) {
            BrockerException refusal = host.refusal(
                    host.plan(NO_LIMITS, List.of(new Mount("/usr", "/etc/passwd", true)), "/app", "/bin/true"));

            assertThat(refusal.message()).isEqualTo("cannot mount \"/usr\": not a directory");
        }
    }

    @Test
    void initProgramThatIsMissingIsNamed() {
        BrockerException refusal = catchThrowableOfType(
                BrockerException.Host.class,
                () -> ContainerRuntime.open(directory.resolve("none"), "brocker-test", directory.resolve("r")));

        assertThat(refusal.message()).isEqualTo("cannot read the init program \"" + directory.resolve("none") + "\"");
    }
}
