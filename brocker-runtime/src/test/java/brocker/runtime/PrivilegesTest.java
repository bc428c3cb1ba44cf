package brocker.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brocker.kernel.Exit;
import brocker.kernel.FdInputStream;
import brocker.kernel.SeccompFilter;
import brocker.runtime.privilege.Privileges;
import brocker.runtime.process.Credentials;
import brocker.spec.BrockerException;
import brocker.spec.CapabilityChange;
import brocker.spec.CapabilityName;
import brocker.spec.Command;
import brocker.spec.Seccomp;
import brocker.spec.SeccompProfile;
import brocker.spec.Signal;
import brocker.spec.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the kernel says to a command in a container. */
@RequiresSandbox
@Timeout(60)
final class PrivilegesTest {
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;
    private static final int SIGSYS = 31;

    @TempDir
    private static Path programs;

    private final TestHost host;

    PrivilegesTest(@TempDir Path directory) {
        this.host = new TestHost(directory);
    }

    @BeforeAll
    static void compile() throws Exception {
        run(
                "gcc",
                "-static",
                "-Wall",
                "-Werror",
                "-o",
                programs.resolve("calls").toString(),
                "src/test/c/calls.c");
        String javac = Path.of(System.getProperty("java.home"), "bin/javac").toString();
        run(javac, "--release", "17", "-d", programs.toString(), "src/test/jdk/Busy.java");
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    @AfterEach
    void end() throws IOException {
        host.close();
    }

    private Privileges changed(String add, String drop) {
        return host.runtime().privileges(new CapabilityChange(names(add), names(drop)), new Seccomp.Default());
    }

    private static List<CapabilityName> names(String words) {
        return Stream.of(words.split(" ", -1))
                .filter(word -> !word.isEmpty())
                .map(CapabilityName::new)
                .toList();
    }

    private Privileges own(String profile) {
        SeccompProfile own = Json.read("p.json", profile, SeccompProfile.class);
        return host.runtime().privileges(CapabilityChange.NONE, new Seccomp.Own(own));
    }

    private static String word(String call) {
        String[] parts = call.split(":", 2);
        int number = SeccompFilter.seccomp_syscall_resolve_name(parts[0]);
        return number + (parts.length == 1 ? "" : ":" + parts[1]);
    }

    private ContainerPlan calling(Privileges privileges, String... calls) throws IOException {
        List<String> command = new ArrayList<>(List.of("/app/calls"));
        Arrays.stream(calls).map(PrivilegesTest::word).forEach(command::add);
        ContainerPlan plan = host.plan(privileges, command.toArray(String[]::new));
        Files.copy(programs.resolve("calls"), plan.directory().resolve("calls"));
        return plan;
    }

    private Exit finish(ContainerPlan plan, RunningContainer container) throws Exception {
        try (container) {
            return container.exit().get(50, TimeUnit.SECONDS);
        } finally {
            container.exit().join();
            host.runtime().delete(plan.name(), plan.hostEnd());
        }
    }

    /** What each call left in errno. */
    private List<Integer> errnos(Privileges privileges, String... calls) throws Exception {
        return errnos(calling(privileges, calls));
    }

    private List<Integer> errnos(ContainerPlan plan) throws Exception {
        assertThat(finish(plan, host.runtime().start(plan))).isEqualTo(new Exit.Code(0));
        return said(plan).map(Integer::valueOf).toList();
    }

    private static Stream<String> said(ContainerPlan plan) throws IOException {
        return Files.readAllLines(plan.record().resolve("log")).stream()
                .map(line -> line.replaceFirst("^\\S+ \\S+ F ", ""));
    }

    @Test
    void callsThatNoApplicationNeedsAreNotPermitted() throws Exception {
        assertThat(errnos(
                        host.privileges(),
                        "unshare:0x10000000",
                        "mount",
                        "ptrace",
                        "keyctl",
                        "bpf",
                        "io_uring_setup",
                        "userfaultfd",
                        "socket:38:5:0",
                        "socket:40:1:0",
                        "personality:0x40000"))
                .containsOnly(EPERM)
                .hasSize(10);
        assertThat(errnos(host.privileges(), "clone3", "getpid", "socket:2:1:0", "personality:0xffffffff"))
                .containsExactly(ENOSYS, 0, 0, 0);
    }

    @Test
    void unconfinedCommandIsStoppedByTheKernelAlone() throws Exception {
        Privileges unconfined = host.runtime().privileges(CapabilityChange.NONE, new Seccomp.Unconfined());

        // EFAULT of the missing attributes says that the call itself was reached.
        assertThat(errnos(unconfined, "clone3:0:64", "personality:8", "keyctl:0:0xfffffffd:1"))
                .doesNotContain(EPERM, ENOSYS);
    }

    @ParameterizedTest
    @CsvSource({"SCMP_ACT_KILL_PROCESS,SIGSYS", "SCMP_ACT_KILL,SIGSYS", "SCMP_ACT_TRAP,SIGSYS"})
    void killedCommandEndsBySigsys(String action, String signal) throws Exception {
        ContainerPlan plan = calling(
                own("{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"getppid\"], \"action\": \""
                        + action + "\"}]}"),
                "getpid",
                "getppid",
                "getpid");

        assertThat(finish(plan, host.runtime().start(plan))).as(signal).isEqualTo(new Exit.Code(128 + SIGSYS));
        assertThat(said(plan)).as("what it could say before").containsExactly("0");
    }

    @Test
    void ownProfileSaysWhichErrnoACallReturns() throws Exception {
        Privileges own = own("{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": ["
                + "{\"names\": [\"getppid\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 111},"
                + "{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ERRNO\","
                + " \"args\": [{\"index\": 0, \"value\": 10, \"op\": \"SCMP_CMP_EQ\"}]}]}");

        assertThat(errnos(own, "getppid", "socket:10:1:0", "socket:2:1:0", "getpid"))
                .containsExactly(111, EPERM, 0, 0);
    }

    @Test
    void capabilitiesAreTheDefaultAndNothingIsInheritableOrAmbient() throws Exception {
        assertThat(sets(host.privileges())).containsExactly("0", "800405fb", "800405fb", "800405fb", "0");
        assertThat(sets(changed("NET_RAW", "CHOWN SETFCAP"))).containsExactly("0", "425fa", "425fa", "425fa", "0");
        assertThat(sets(changed("KILL", "ALL"))).containsExactly("0", "20", "20", "20", "0");
        assertThat(sets(changed("", "ALL"))).containsExactly("0", "0", "0", "0", "0");
    }

    /** Inheritable, permitted, effective, bounding, ambient. */
    private List<String> sets(Privileges privileges) throws Exception {
        ContainerPlan plan =
                host.plan(privileges, "/bin/sh", "-c", "grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status");
        assertThat(finish(plan, host.runtime().start(plan))).isEqualTo(new Exit.Code(0));
        List<String> lines = said(plan).toList();
        assertThat(lines).contains("NoNewPrivs:\t1", "Seccomp:\t2");
        return lines.stream()
                .filter(line -> line.startsWith("Cap"))
                .map(line -> Long.toHexString(Long.parseUnsignedLong(line.split("\\s+", -1)[1], 16)))
                .toList();
    }

    @Test
    void addedCapabilityOpensItsCalls() throws Exception {
        // socket(AF_PACKET, SOCK_RAW, 0)
        assertThat(errnos(host.privileges(), "socket:17:3:0")).containsExactly(EPERM);
        assertThat(errnos(TestHost.sharing(calling(changed("NET_RAW", ""), "socket:17:3:0"))))
                .containsExactly(0);
        assertThat(errnos(changed("NET_RAW", ""), "socket:17:3:0"))
                .as("in a user namespace that does not own the network")
                .containsExactly(EPERM);
        // sethostname("", 0): the call is reached, and its capability is there
        assertThat(errnos(host.privileges(), "sethostname:0:0")).containsExactly(EPERM);
        assertThat(errnos(TestHost.sharing(calling(changed("SYS_ADMIN", ""), "sethostname:0:0"))))
                .containsExactly(0);
        assertThat(errnos(changed("", "SYS_CHROOT"), "chroot")).containsExactly(EPERM);
    }

    @Test
    void capabilityThatTheDaemonHasNotItselfIsRefused() {
        long held = brocker.kernel.Linux.effective_capabilities();
        List<String> lacking = Arrays.stream(brocker.spec.Capability.values())
                .filter(capability -> (held & capability.bit()) == 0)
                .map(Enum::name)
                .toList();
        for (String name : lacking) {
            BrockerException refusal = catchThrowableOfType(
                    BrockerException.CannotStart.class,
                    () -> host.runtime().requireHeld(new CapabilityChange(names(name), List.of())));
            assertThat(refusal.message()).isEqualTo("cannot add \"" + name + "\": brockerd does not have it itself");
        }
        host.runtime().requireHeld(new CapabilityChange(names("ALL CHOWN"), List.of()));
    }

    @Test
    void anotherCommandHasTheSamePrivileges() throws Exception {
        ContainerPlan plan = host.plan("/bin/sleep", "60");
        Files.copy(programs.resolve("calls"), plan.directory().resolve("calls"));
        RunningContainer container = host.runtime().start(plan);
        List<String> words = List.of("/app/calls", word("mount"), word("clone3"), word("getpid"));
        CommandPlan exec = new CommandPlan(
                new Command(words),
                Map.of(),
                Credentials.ROOT,
                host.privileges(),
                host.processLimits(),
                "/",
                List.of());

        try (ExecSession session = host.runtime().exec(container, exec)) {
            assertThat(new String(new FdInputStream(session.stdout()).readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(EPERM + "\n" + ENOSYS + "\n0\n");
            assertThat(session.exit().get(10, TimeUnit.SECONDS)).isEqualTo(new Exit.Code(0));
        }
        assertThat(container.signal(Signal.SIGKILL)).isTrue();
        finish(plan, container);
    }

    /** Every JDK of this machine that a container sees, from 17. */
    static Stream<String> javas() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> homes = Files.list(Path.of("/usr/lib/jvm"))) {
            homes.filter(home -> !Files.isSymbolicLink(home))
                    .map(home -> home.resolve("bin/java").toString())
                    .filter(java -> Files.isExecutable(Path.of(java)))
                    .filter(java -> feature(Path.of(java).resolveSibling("../release")) >= 17)
                    .sorted()
                    .forEach(found::add);
        }
        assertThat(found).isNotEmpty();
        return found.stream();
    }

    private static int feature(Path release) {
        try {
            return Files.readAllLines(release).stream()
                    .filter(line -> line.matches("JAVA_VERSION=\"\\d+.*"))
                    .mapToInt(line -> Integer.parseInt(line.replaceFirst("JAVA_VERSION=\"(\\d+).*", "$1")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("javas")
    void applicationsDoNotNotice(String java) throws Exception {
        ContainerPlan plan = host.plan(host.privileges(), java, "-cp", "/app", "Busy");
        try (Stream<Path> classes = Files.list(programs)) {
            for (Path file :
                    classes.filter(name -> name.toString().endsWith(".class")).toList()) {
                Files.copy(file, plan.directory().resolve(file.getFileName()));
            }
        }

        Exit exit = finish(plan, host.runtime().start(plan));

        assertThat(said(plan)).last().asString().startsWith("done on ");
        assertThat(exit).isEqualTo(new Exit.Code(0));
    }
}
