package brocker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class VersionTest {
    @Test
    void currentVersionIsTheOneOfTheParentPom() throws IOException {
        String pom = Files.readString(Path.of("../pom.xml"));

        assertThat(Pattern.compile("<revision>(.*)</revision>").matcher(pom).results())
                .extracting(found -> found.group(1))
                .containsExactly(Version.CURRENT);
    }
}
