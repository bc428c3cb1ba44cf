package brocker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.spec.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ContainerSpecTest {
    private static ContainerSpec read(String keys) {
        return Json.read("c.json", "{\"command\":\"/bin/true\"" + keys + "}", ContainerSpec.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "//",
                "/.",
                "/proc",
                "/proc/",
                "/proc/sys",
                "/sys",
                "/sys/fs",
                "/dev",
                "/dev/shm",
                "/app",
                "/app/x",
                "//app/./x",
                "/./app",
                "/.//./dev",
                "/app/."
            })
    void brockersOwnPlacesAreNoMountTargets(String target) {
        BrockerException.Invalid mount = Refusal.of(() -> new Mount("/srv", target, false));
        BrockerException.Invalid tmpfs = Refusal.of(() -> new Tmpfs(target, Optional.empty()));

        assertThat(mount.message()).isEqualTo("cannot mount over \"" + target + "\"");
        assertThat(mount.code()).isEqualTo("invalid-mount");
        assertThat(mount.key()).isEqualTo("target");
        assertThat(tmpfs.message()).isEqualTo(mount.message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "srv", "./srv", "/..", "/srv/..", "/srv/../app", "/../app", "/srv\0"})
    void pathThatIsNotAbsoluteOrClimbsIsRefused(String path) {
        assertThat(Refusal.of(() -> new Mount("/srv", path, false)).code()).isEqualTo("invalid-path");
        assertThat(Refusal.of(() -> new Mount(path, "/srv", false)).key()).isEqualTo("source");
        assertThat(Refusal.of(() -> new Tmpfs(path, Optional.empty())).key()).isEqualTo("target");
    }

    @Test
    void otherPlacesAreMountTargets() {
        for (String target : List.of("/srv", "/application", "/apps/x", "/device", "/data/app", "/a..b", "/.hidden")) {
            assertThat(new Mount("/srv", target, true).target()).isEqualTo(target);
        }
        assertThat(new Tmpfs("/cache", Optional.empty()).sizeOrDefault()).isEqualTo(ByteSize.parse("64m"));
        assertThat(new Tmpfs("/cache", Optional.of(ByteSize.parse("1m"))).sizeOrDefault())
                .isEqualTo(ByteSize.parse("1m"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "copy-file":true              | missing-file      | copy-file
            "env":{"1A":"x"}              | invalid-env       | env
            "env":{"A=B":"x"}             | invalid-env       | env
            "env":{"":"x"}                | invalid-env       | env
            "env":{"A":"\\u0000"}         | invalid-env       | env
            "user":""                     | invalid-user      | user
            "restart":"sometimes"         | invalid-restart   | restart
            "restart":"on-failure:0"      | invalid-restart   | restart
            "restart":"on-failure:-1"     | invalid-restart   | restart
            "restart":"on-failure:1234567890" | invalid-restart | restart
            "restart":"always:3"          | invalid-restart   | restart
            "user":"Root"                 | invalid-user      | user
            "user":"a:b:c"                | invalid-user      | user
            "user":"a:"                   | invalid-user      | user
            "user":"-1"                   | invalid-user      | user
            "user":"12345678901"          | invalid-user      | user
            "working-directory":"app"     | invalid-path      | working-directory
            "working-directory":"/a/../b" | invalid-path      | working-directory
            "hostname":""                 | invalid-hostname  | hostname
            "hostname":"-a"               | invalid-hostname  | hostname
            "hostname":"a\\nb"            | invalid-hostname  | hostname
            "memory":"3m"                 | invalid-memory    | memory
            "pids":1                      | invalid-pids      | pids
            "pids":4194305                | invalid-pids      | pids
            "nofile":63                   | invalid-nofile    | nofile
            "nofile":1073741825           | invalid-nofile    | nofile
            "oom-score-adj":1001          | invalid-oom-score-adj | oom-score-adj
            "oom-score-adj":-1001         | invalid-oom-score-adj | oom-score-adj
            "oom-score-adj":-2147483648   | invalid-oom-score-adj | oom-score-adj
            "cpus":0                      | invalid-cpus      | cpus
            "stop-signal":"SIGFOO"        | invalid-signal    | stop-signal
            "stop-timeout":"-1s"          | invalid-duration  | stop-timeout
            "log":{"max-size":"63k"}      | invalid-log       | max-size
            "log":{"max-files":0}         | invalid-log       | max-files
            "log":{"max-files":101}       | invalid-log       | max-files
            "tmpfs":[{"target":"/app"}]   | invalid-mount     | target
            "mounts":[{"source":"/a"}]    | missing-key       | target
            "cpuset":"0-"                 | invalid-cpuset    | cpuset
            "cpuset":"all"                | invalid-cpuset    | cpuset
            "rootfs":"roots/debian"       | invalid-path      | rootfs
            "capabilities":{"add":["X"]}  | unknown-capability| add
            "capabilities":{"drop":["ALL"],"add":["all"]} | contradicting-capabilities | drop
            "seccomp":""                  | invalid-seccomp   | seccomp
            """)
    void wrongValueIsRefusedByKey(String json, String code, String key) {
        BrockerException.Invalid refusal = Refusal.of(() -> read("," + json.strip()));

        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.message()).startsWith("\"c.json\" line 1: ").contains("\"" + key + "\"");
    }

    @Test
    void everythingHasADefault() {
        ContainerSpec spec = read("");

        assertThat(spec.workingDirectoryOrDefault()).isEqualTo("/app");
        assertThat(spec.stopSignalOrDefault()).isEqualTo(Signal.SIGTERM);
        assertThat(spec.stopTimeoutOrDefault()).isEqualTo(Duration.ofSeconds(10));
        assertThat(spec.filesToCopy()).isEmpty();
        assertThat(spec.userNamespaceOrDefault()).isTrue();
        assertThat(LogLimits.DEFAULT.bytes()).isEqualTo(10 << 20);
        assertThat(LogLimits.DEFAULT.files()).isEqualTo(3);
        assertThat(Refusal.of(spec::service).message()).isEqualTo("the key \"service-name\" is missing");
        assertThat(spec.inService(new ServiceName("shop")))
                .isEqualTo(ContainerSpec.of(new ServiceName("shop"), Command.parse("/bin/true")));
    }

    @Test
    void fileIsCopiedOnlyWhenAskedFor() {
        assertThat(read(",\"file\":\"a.jar\",\"files\":[\"b\"]").filesToCopy()).containsExactly("b");
        assertThat(read(",\"copy-file\":true,\"file\":\"a.jar\",\"files\":[\"b\"]")
                        .filesToCopy())
                .containsExactly("a.jar", "b");
    }

    @Test
    void changedCopyDiffersInThatAlone() {
        ContainerSpec spec = read(",\"copy-file\":true,\"file\":\"a.jar\",\"files\":[\"b\"],\"env\":{\"A\":\"b\"},"
                + "\"user\":\"1:2\",\"working-directory\":\"/w\",\"hostname\":\"h\",\"memory\":\"5m\",\"cpus\":2,\"cpuset\":\"0-1,3\",\"pids\":7,"
                + "\"nofile\":100,\"oom-score-adj\":-5,"
                + "\"rootfs\":\"/r\",\"user-namespace\":false,\"capabilities\":{\"add\":[\"NET_RAW\"]},\"seccomp\":\"unconfined\",\"mounts\":[{\"source\":\"/s\",\"target\":\"/t\"}],\"tmpfs\":[{\"target\":\"/c\"}],\"read-only\":true,"
                + "\"stop-signal\":\"HUP\",\"stop-timeout\":\"3s\",\"log\":{\"max-files\":2}");
        Artifact artifact = new Artifact("a.jar", "0".repeat(64), false, false);
        Mount mount = new Mount("/x", "/y", true);
        String json = Json.write(spec);

        assertThat(Json.write(spec.inService(new ServiceName("shop"))))
                .isEqualTo(json.replaceFirst("\\{", "{\"service-name\":\"shop\","));
        assertThat(Json.write(spec.withStopSignal(Signal.SIGQUIT))).isEqualTo(json.replace("SIGHUP", "SIGQUIT"));
        assertThat(spec.withMounts(List.of(mount)).mounts()).containsExactly(mount);
        assertThat(spec.withMounts(List.of(mount)).withMounts(spec.mounts())).isEqualTo(spec);
        assertThat(Json.write(spec.withArtifacts(List.of(artifact))))
                .isEqualTo(json.replace(
                        "\"copy-file\":true,\"file\":\"a.jar\",\"files\":[\"b\"],\"artifacts\":[]",
                        "\"copy-file\":false,\"files\":[],\"artifacts\":[" + Json.write(artifact) + "]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no", "always", "on-failure", "on-failure:1", "on-failure:999999999"})
    void restartPolicyIsWrittenAsItWasRead(String policy) {
        ContainerSpec spec = read(",\"restart\":\"" + policy + "\"");

        assertThat(spec.restartOrDefault()).hasToString(policy);
        assertThat(Json.write(spec)).contains("\"restart\":\"" + policy + "\"");
    }
}
