package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The version that the programs print, and that of the modules in the runtime image, is the one in the parent {@code pom.xml}. */
class VersionTest {
    private static final List<String> MODULES =
            List.of("brocker.client", "brocker.daemon", "brocker.kernel", "brocker.runtime", "brocker.spec");

    private final String version = Host.lines(Distribution.sources().resolve("pom.xml")).stream()
            .map(Pattern.compile("<revision>(.*)</revision>")::matcher)
            .filter(found -> found.find())
            .map(found -> found.group(1))
            .findFirst()
            .orElseThrow();

    @Test
    void daemonPrintsTheVersionOfThePom() {
        assertThat(Outcome.of(Distribution.program("brockerd").toString(), "--version"))
                .isEqualTo("brockerd " + version + "\n");
    }

    @Test
    void clientPrintsTheVersionOfThePom() {
        // No daemon answers at this address; the client prints its own version nevertheless.
        String client = Distribution.program("brocker-client").toString();
        Outcome outcome = Outcome.run(List.of(client, "--host", "unix:/nowhere", "version"), Map.of(), new byte[0]);

        assertThat(outcome.stdout()).isEqualTo("brocker-client " + version + "\n");
    }

    @Test
    void modulesOfTheImageHaveTheVersionOfThePom() {
        String java = Distribution.root().resolve("runtime/bin/java").toString();

        assertThat(Outcome.of(java, "--list-modules").lines().filter(line -> line.startsWith("brocker.")))
                .containsExactlyInAnyOrderElementsOf(
                        MODULES.stream().map(module -> module + "@" + version).toList());
    }
}
