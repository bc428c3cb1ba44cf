package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What root inside a container tries: by default, with the host's user ids, without a filter of system calls, and with neither, which
 * leaves the namespaces, the capabilities and the tree. Outside, the same attempt comes through, or the kernel has no such thing.
 */
class SecurityTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static final Process VICTIM = Probe.hold();
    private static final String SHARED = "\"user-namespace\": false";
    private static final String UNFILTERED = "\"seccomp\": \"unconfined\"";

    private static List<String> containers = List.of();

    @BeforeAll
    static void run() {
        BROCKERD.addService("{\"name\": \"hostile\", \"bridge-ip\": \"10.77.41.1\"}");
        containers = List.of(
                BROCKERD.runProbe("hostile", "hold"),
                BROCKERD.runProbe("hostile", "hold", SHARED),
                BROCKERD.runProbe("hostile", "hold", UNFILTERED),
                BROCKERD.runProbe("hostile", "hold", SHARED, UNFILTERED));
    }

    @AfterAll
    static void end() {
        VICTIM.destroyForcibly();
    }

    /** The columns: the attempt; how a kernel that has no such thing refuses it outside; the refusals inside, {@code -} for none. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            # the kernel's settings
            write-back /proc/sys/kernel/core_pattern |        | EACCES       | EROFS        | EACCES       | EROFS
            write-back /proc/sys/vm/swappiness       |        | EACCES       | EROFS        | EACCES       | EROFS
            sysrq                                    | ENOENT | ENOENT       | ENOENT       | ENOENT       | ENOENT
            # mounts and devices
            mount tmpfs /tmp tmpfs                   |        | EPERM        | EPERM        | EPERM        | EPERM
            mount / /mnt none 4096                   |        | EPERM        | EPERM        | EPERM        | EPERM
            mount none /proc none 4128               |        | EPERM        | EPERM        | EPERM        | EPERM
            umount /proc                             |        | EPERM        | EPERM        | EPERM        | EPERM
            fsopen                                   |        | EPERM        | EPERM        | EPERM        | EPERM
            open_tree /                              |        | EPERM        | EPERM        | EPERM        | EPERM
            mknod /tmp/node                          |        | EPERM        | EPERM        | EPERM        | EPERM
            release-agent /tmp                       | ENODEV | EPERM        | EPERM        | EPERM        | EPERM
            by-handle /                              |        | EPERM        | EPERM        | EPERM        | EPERM
            chroot-escape /tmp etc/shadow            |        | ENOENT       | ENOENT       | ENOENT       | ENOENT
            # processes of the host
            kill {victim}                            |        | ESRCH        | ESRCH        | ESRCH        | ESRCH
            ptrace {victim}                          |        | EPERM        | EPERM        | ESRCH        | ESRCH
            process_vm_readv {victim}                |        | EPERM        | EPERM        | ESRCH        | ESRCH
            # PID 1, which is a process of the host
            ptrace {init}                            |        | EPERM        | EPERM        | EPERM        | EPERM
            process_vm_readv {init}                  |        | EPERM        | EPERM        | EPERM        | EPERM
            read /proc/{init}/fd/1                   |        | EACCES       | EACCES       | EACCES       | EACCES
            list /proc/{init}/root                   |        | EACCES       | EACCES       | EACCES       | EACCES
            read /proc/{init}/environ                |        | EACCES       | EACCES       | EACCES       | EACCES
            # the kernel's code
            bpf                                      |        | EPERM        | EPERM        | EPERM        | EPERM
            kexec_load                               | ENOSYS | EPERM        | EPERM        | EPERM ENOSYS | EPERM ENOSYS
            init_module                              | ENOSYS | EPERM        | EPERM        | EPERM ENOSYS | EPERM ENOSYS
            userfaultfd                              | ENOSYS | EPERM        | EPERM        | - EPERM      | - EPERM
            keyctl                                   | ENOSYS | EPERM        | EPERM        | -            | -
            perf_event_open                          | ENOSYS | EPERM        | EPERM        | - EACCES     | - EACCES
            io_uring_setup                           | ENOSYS | EPERM        | EPERM        | - EPERM      | - EPERM
            unshare                                  |        | EPERM        | EPERM        | -            | -
            clone                                    |        | EPERM        | EPERM        | -            | -
            clone3                                   |        | ENOSYS       | ENOSYS       | -            | -
            # packets
            raw-packet {link} 10.77.41.99 10.77.41.1 |        | EPERM        | EPERM        | EPERM        | EPERM
            raw-ip 10.77.41.99 {to}                  |        | EPERM        | EPERM        | EPERM        | EPERM
            connect 127.0.0.1 {port}                 |        | ECONNREFUSED | ECONNREFUSED | ECONNREFUSED | ECONNREFUSED
            # secrets
            read /etc/shadow                         |        | ENOENT       | ENOENT       | ENOENT       | ENOENT
            read {token}                             |        | ENOENT       | ENOENT       | ENOENT       | ENOENT
            read {state}/brocker.db                  |        | ENOENT       | ENOENT       | ENOENT       | ENOENT
            list {state}/containers                  |        | ENOENT       | ENOENT       | ENOENT       | ENOENT
            list {app}                               |        | ENOENT       | ENOENT       | ENOENT       | ENOENT
            """)
    void whatIsAllowedOutsideIsRefusedInside(
            String attempt, String lacking, String byDefault, String shared, String unfiltered, String neither) {
        List<String> expected = List.of(byDefault, shared, unfiltered, neither);

        String outside = Probe.outside(
                words(attempt, Map.of("link", "lo", "to", "127.0.0.1", "init", String.valueOf(VICTIM.pid()))));

        assertThat(outside)
                .as("outside")
                .isIn(lacking == null ? List.of("allowed") : List.of("allowed", "refused " + lacking));
        for (int i = 0; i < expected.size(); i++) {
            String[] words = words(attempt, Map.of("link", "veth1", "to", "10.77.41.1", "init", "1"));
            String errno = Probe.inside(BROCKERD, containers.get(i), words)
                    .replace("refused ", "")
                    .replace("allowed", "-");
            assertThat(errno).as("inside, column %d", i).isIn((Object[])
                    expected.get(i).split(" ", -1));
        }
    }

    private static String[] words(String attempt, Map<String, String> own) {
        String text = attempt.replace("{victim}", String.valueOf(VICTIM.pid()))
                .replace("{port}", String.valueOf(BROCKERD.port()))
                .replace("{token}", BROCKERD.token().toString())
                .replace("{state}", BROCKERD.state().toString())
                .replace("{app}", app(containers.get(1)).toString());
        for (Map.Entry<String, String> one : own.entrySet()) {
            text = text.replace("{" + one.getKey() + "}", one.getValue());
        }
        return text.split(" ", -1);
    }

    private static Path app(String name) {
        return BROCKERD.containers().resolve(name);
    }
}
