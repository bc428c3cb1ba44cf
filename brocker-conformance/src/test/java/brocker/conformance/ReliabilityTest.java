package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each test that {@code docs/reliability.md} names for a promise is there. */
class ReliabilityTest {
    private static final int FEWEST = 40;
    private static final Pattern NAMED = Pattern.compile("`(\\w+Test|\\w+_test)\\.(\\w+)`");

    @Test
    void everyTestThatIsNamedForAPromiseExists() throws IOException {
        Path sources = Distribution.sources();
        List<MatchResult> named = NAMED.matcher(Files.readString(sources.resolve("docs/reliability.md")))
                .results()
                .toList();
        assertThat(named).hasSizeGreaterThanOrEqualTo(FEWEST);
        for (MatchResult test : named) {
            boolean java = test.group(1).endsWith("Test");
            StringBuilder text = new StringBuilder();
            for (Path file : find(sources, test.group(1) + (java ? ".java" : ".c"))) {
                text.append(Files.readString(file));
            }
            assertThat(text.toString()).as(test.group()).contains("void " + test.group(2) + "(");
        }
    }

    private static List<Path> find(Path sources, String name) throws IOException {
        try (Stream<Path> files = Files.find(sources, 9, (file, _) -> file.endsWith(name))) {
            return files.filter(file -> file.toString().contains("/test")).toList();
        }
    }
}
