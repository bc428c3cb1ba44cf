package brocker.conformance;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits, users and mounts that cannot be what the user meant: refused with one line that quotes them, and nothing is changed. */
class BadLimitsTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @BeforeAll
    static void add() {
        BROCKERD.addService("{\"name\": \"good\", \"bridge-ip\": \"10.77.34.1\"}");
    }

    @AfterEach
    void nothingIsLeft() {
        Unchanged.assertOnly(BROCKERD, "good");
    }

    private static Outcome run(String keys) {
        Path file = BROCKERD.file(
                "container.json", "{\"service-name\": \"good\", \"command\": \"/bin/sleep 60\",\n " + keys + "}");
        return BROCKERD.client("container", "run", file.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # below what can start a process
            "memory": "1k"                                            | "1k"
            "memory": "3m"                                            | "3m"
            "memory": "0"                                             | "0"
            "pids": 0                                                 | "0"
            "pids": 1                                                 | "1"
            "cpus": 0                                                 | "0"
            # negative, absurd, or no size at all
            "memory": "-1m"                                           | "-1m"
            "memory": "99999999999999999999g"                         | "99999999999999999999g"
            "memory": "much"                                          | "much"
            "memory": "1e3m"                                          | "1e3m"
            "memory": -1                                              | "memory" must be
            "pids": -1                                                | "-1"
            "pids": 99999999999                                       | the number "99999999999" is out of range
            "pids": 1.5                                               | "pids" must be a whole number, not a fraction
            "cpus": -0.5                                              | "-0.5"
            "cpus": 1e99                                              | "1
            "cpuset": "3-1"                                           | "3-1"
            "tmpfs": [{"target": "/cache", "size": "-1m"}]            | "-1m"
            # more than the host has
            "memory": "900t"                                          | "900t" is more than the
            "pids": 4194304                                           | "4194304" is more than the
            "cpus": 1000                                              | "1000" is more than the
            "cpuset": "4000"                                          | no processor 4000
            # users that nobody knows
            "user": "nobodyy"                                         | "nobodyy"
            "user": "root:wheeel"                                     | "wheeel"
            "user": "-1"                                              | "-1"
            # mounts over Brocker's own places, relative ones, and those that lead elsewhere
            "mounts": [{"source": "/srv", "target": "/proc"}]         | cannot mount over "/proc"
            "mounts": [{"source": "/srv", "target": "/proc/sys"}]     | cannot mount over "/proc/sys"
            "mounts": [{"source": "/srv", "target": "/sys"}]          | cannot mount over "/sys"
            "mounts": [{"source": "/srv", "target": "//app/./x"}]     | cannot mount over "//app/./x"
            "mounts": [{"source": "/srv", "target": "/"}]             | cannot mount over "/"
            "mounts": [{"source": "/srv", "target": "data"}]          | "data"
            "mounts": [{"source": "srv", "target": "/data"}]          | "srv"
            "mounts": [{"source": "/srv", "target": "/mnt/../proc"}]  | "/mnt/../proc"
            "mounts": [{"source": "/no/such", "target": "/data"}]     | "/no/such"
            "mounts": [{"source": "/usr", "target": "/etc/passwd/x"}] | "/etc/passwd/x"
            "mounts": [{"source": "/usr", "target": "/usr/new"}]      | "/usr/new"
            "tmpfs": [{"target": "/app"}]                             | cannot mount over "/app"
            """)
    void whatCannotBeIsQuotedAndChangesNothing(String keys, String quoted) {
        run(keys).failed(1).saying(quoted);
    }

    @Test
    void aTemplateIsAskedTheSame() {
        Path file = BROCKERD.file(
                "service.json",
                "{\"name\": \"bad\", \"container\": {\"command\": \"/bin/sleep 60\",\n  \"user\": \"nobodyy\"}, \"replicas\": 1}");
        BROCKERD.client("service", "add", file.toString()).failed(1).saying("\"nobodyy\"");
    }
}
