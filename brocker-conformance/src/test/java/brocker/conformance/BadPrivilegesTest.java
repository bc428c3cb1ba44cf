package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Capabilities and profiles that cannot be what the user meant: refused with one line, and nothing is changed. */
class BadPrivilegesTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @BeforeAll
    static void add() {
        BROCKERD.addService("{\"name\": \"good\", \"bridge-ip\": \"10.77.33.1\"}");
    }

    @AfterEach
    void nothingIsLeft() {
        Unchanged.assertOnly(BROCKERD, "good");
    }

    private static Path container(String keys) {
        return BROCKERD.file(
                "container.json", "{\"service-name\": \"good\", \"command\": \"/bin/true\",\n " + keys + "}");
    }

    private static Outcome run(String keys) {
        return BROCKERD.client("container", "run", container(keys).toString());
    }

    private static Outcome runWith(String profile) {
        BROCKERD.file("profile.json", profile);
        return run("\"seccomp\": \"profile.json\"");
    }

    @Test
    void anUnknownCapabilityNamesLineAndTheNearest() {
        run("\"capabilities\": {\"add\": [\"NET_RWA\"]}")
                .failed(1)
                .saying("container.json\" line 2: \"add\": \"NET_RWA\" is not a capability")
                .hinting("did you mean \"NET_RAW\"?");
        run("\"capabilities\": {\"drop\": [\"nothing\"]}").failed(1).saying("\"nothing\" is not a capability");
        run("\"capabilities\": {\"add\": \"NET_RAW\"}").failed(1).saying("\"add\" must be an array, not a string");
        run("\"capabilities\": {\"ad\": []}")
                .failed(1)
                .saying("unknown key \"ad\"")
                .hinting("\"add\"");
        run("\"capabilities\": {\"add\": [\"KILL\"], \"drop\": [\"cap_kill\"]}")
                .failed(1)
                .saying("\"CAP_KILL\" is both added and dropped");
    }

    @Test
    void anUnknownCapabilityOfATemplateIsFoundAsWell() {
        Path file = BROCKERD.file(
                "service.json",
                "{\"name\": \"bad\",\n \"container\": {\"command\": \"/bin/true\",\n  \"capabilities\": {\"add\": [\"SYS_TIM\"]}}}");
        BROCKERD.client("service", "add", file.toString())
                .failed(1)
                .saying("line 3", "\"SYS_TIM\" is not a capability")
                .hinting("\"SYS_TIME\"");
    }

    @Test
    void aProfileThatIsNotThereIsNamed() {
        run("\"seccomp\": \"none.json\"")
                .failed(1)
                .saying("container.json\" line 2: \"seccomp\": no such file: \"none.json\"");
        run("\"seccomp\": \"unconfind\"")
                .failed(1)
                .saying("no such file: \"unconfind\"")
                .hinting("did you mean \"unconfined\"?");
        run("\"seccomp\": \"a\\u0000b\"").failed(1).saying("line 2: \"seccomp\"", "is not a path");
        run("\"seccomp\": true").failed(1).saying("\"seccomp\" must be a string, not true or false");
    }

    @Test
    void aMalformedProfileNamesItsFileLineAndKey() {
        runWith("{\"defaultAction\": \"SCMP_ACT_ALLOW\",\n \"syscals\": []}")
                .failed(1)
                .saying("profile.json\" line 2: unknown key \"syscals\"")
                .hinting("did you mean \"syscalls\"?");
        runWith(
                        "{\"defaultAction\": \"SCMP_ACT_ALLOW\",\n \"syscalls\": [\n {\"names\": [\"read\"], \"action\": \"ERRNO\"}]}")
                .failed(1)
                .saying("profile.json\" line 3: \"action\": \"ERRNO\" is not an action");
        runWith("{\"defaultAction\": \"SCMP_ACT_ALLOW\"").failed(1).saying("profile.json\" line 1", "not JSON");
        runWith("").failed(1).saying("profile.json\" is empty");
        runWith("{\"defaultAction\": \"SCMP_ACT_NOTIFY\"}").failed(1).saying("\"SCMP_ACT_NOTIFY\" is not supported");
    }

    @Test
    void aProfileThatCannotBeFollowedIsRefusedByTheDaemon() {
        runWith("{\"defaultAction\": \"SCMP_ACT_ERRNO\"}").failed(1).saying("does not allow \"execve\"");
        runWith(
                        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"raed\"], \"action\": \"SCMP_ACT_KILL\"}]}")
                .failed(1)
                .saying("no system call that the seccomp profile names is known");
        BROCKERD.file("profile.json", "{\"defaultAction\": \"SCMP_ACT_ERRNO\"}");
        Path service = BROCKERD.file(
                "service.json",
                "{\"name\": \"bad\", \"container\": {\"command\": \"/bin/true\", \"seccomp\": \"profile.json\"}}");
        BROCKERD.client("service", "add", service.toString()).failed(1).saying("does not allow \"execve\"");
    }

    @Test
    void thePathOfAProfileOnTheWireIsRefused() {
        Rest.Answer answer = BROCKERD.rest()
                .post(
                        "/api/v1/containers",
                        "{\"service-name\": \"good\", \"command\": \"/bin/true\", \"seccomp\": \"/etc/passwd\"}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("code").asString()).isEqualTo("profile-not-read");
    }
}
