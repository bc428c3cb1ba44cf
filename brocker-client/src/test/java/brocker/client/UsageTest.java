package brocker.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the command line may say, and what the program says of itself. */
@Timeout(60)
class UsageTest {
    @RegisterExtension
    final Client client = new Client();

    @Test
    void unknownWordsNameTheNearestKnownOne() {
        assertThat(client.run("contaner", "list")).isEqualTo(2);
        assertThat(client.run("container", "lsit")).isEqualTo(2);
        assertThat(client.run("container", "list", "--al")).isEqualTo(2);
        assertThat(client.run("container", "stop")).isEqualTo(2);
        assertThat(client.err()).isEqualTo("""
                error: unknown command "contaner"
                hint: did you mean "container"?
                error: unknown command "container lsit"
                hint: did you mean "container list"?
                error: unknown option "--al" of "container list"
                hint: did you mean "--all"?
                error: "container stop" needs NAME
                hint: usage: brocker-client container stop [--timeout D] NAME...
                """);
    }

    @Test
    void terminalsAreSaidNotToBeSupported() {
        assertThat(client.run("container", "exec", "-it", "5f", "sh")).isEqualTo(2);
        assertThat(client.err()).startsWith("error: terminals are not supported yet");
    }

    @Test
    void helpIsPrintedAtEveryLevel() {
        assertThat(client.run()).isEqualTo(2);
        assertThat(client.err())
                .startsWith("Usage: brocker-client COMMAND")
                .contains("Example:", "container", "completion");
        assertThat(client.run("container", "--help")).isZero();
        assertThat(client.out())
                .startsWith("Usage: brocker-client container COMMAND")
                .contains("exec", "Example:");
        client.stdout.reset();
        assertThat(client.run("container", "stop", "--help")).isZero();
        assertThat(client.out()).isEqualTo("""
                Usage: brocker-client container stop [--timeout D] NAME...
                stop containers

                Options:
                      --timeout=D         kill after this long, such as "30s" (the container's "stop-timeout")
                      --host=URL          where the daemon listens (BROCKER_HOST; unix:///run/brocker/brockerd.sock)
                      --token-file=FILE   the token that its port asks for (BROCKER_TOKEN, BROCKER_TOKEN_FILE;
                                            /run/brocker/token)
                      --ca-file=FILE      certificates to trust, PEM (BROCKER_CA_FILE; the Java runtime's)
                      --format=FORMAT     "table" or "json"
                  -q, --quiet             print names only, and no progress
                      --verbose           tell every request on stderr
                  -h, --help              print this help

                Example:
                  brocker-client container stop --timeout 30s 5f0c9a
                """);
    }

    @Test
    void completionKnowsTheVerbs() {
        assertThat(client.run("completion", "bash")).isZero();
        assertThat(client.out()).contains("_complete_brocker-client").contains("inspect");
    }
}
