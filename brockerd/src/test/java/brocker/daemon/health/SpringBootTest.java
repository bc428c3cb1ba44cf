package brocker.daemon.health;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.spec.Artifact;
import brocker.spec.Health;
import brocker.spec.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpringBootTest {
    @TempDir
    Path directory;

    private Path archive(String entry) throws IOException {
        Path file = directory.resolve("artifact");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            out.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            out.putNextEntry(new ZipEntry(entry));
        }
        return file;
    }

    @ParameterizedTest
    @CsvSource({
        "shop.jar, BOOT-INF/lib/spring-boot-actuator-4.1.0.jar, true",
        "shop.jar, BOOT-INF/lib/spring-boot-actuator-2.7.18-SNAPSHOT.jar, true",
        "shop.war, WEB-INF/lib/spring-boot-actuator-3.5.7.jar, true",
        "shop.jar, BOOT-INF/lib/spring-boot-4.1.0.jar, false",
        "shop.jar, BOOT-INF/lib/spring-boot-actuator-autoconfigure-4.1.0.jar, false",
        "shop.jar, lib/spring-boot-actuator-4.1.0.jar, false",
        "shop.zip, BOOT-INF/lib/spring-boot-actuator-4.1.0.jar, false",
    })
    void actuatorIsRecognisedByTheLibraryInTheArchive(String name, String entry, boolean recognised)
            throws IOException {
        assertThat(SpringBoot.hasActuator(name, archive(entry))).isEqualTo(recognised);
    }

    @Test
    void whatIsNoArchiveIsNone() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "PK is not enough");

        assertThat(SpringBoot.hasActuator("text.jar", text)).isFalse();
        assertThat(SpringBoot.hasActuator("gone.jar", directory.resolve("gone")))
                .isFalse();
        assertThat(SpringBoot.hasActuator("empty.jar", Files.createFile(directory.resolve("empty"))))
                .isFalse();
    }

    private static HealthCheck check(String health, Predicate<Artifact> isActuator) {
        Artifact artifact = new Artifact("shop.jar", "0".repeat(64), false, false);
        return HealthCheck.of(Json.read("test", health, Health.class), List.of(artifact), isActuator);
    }

    @Test
    void whatIsWrittenGoesBeforeWhatIsRecognised() {
        assertThat(check("{}", _ -> true)).isEqualTo(new HealthCheck.Actuator());
        assertThat(check("{\"interval\": \"5s\"}", _ -> true)).isEqualTo(new HealthCheck.Actuator());
        assertThat(check("{}", _ -> false)).isEqualTo(new HealthCheck.Connect());
        assertThat(check("{\"tcp\": true}", _ -> true)).isEqualTo(new HealthCheck.Connect());
        assertThat(check("{\"path\": \"/up\"}", _ -> true)).isEqualTo(new HealthCheck.Get("/up"));
    }
}
