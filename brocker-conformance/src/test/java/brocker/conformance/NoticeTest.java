package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** {@code NOTICE} names the works of others that the distribution contains, and their licences accompany them. */
class NoticeTest {
    private static final Path BUILD = Distribution.sources().resolve("build");
    private static final int FEWEST_JARS = 40;
    private static final Pattern FIELD = Pattern.compile("(?m)^ {2}(\\w[\\w ]*):((?: {1,10}\\S.*\n)(?: {13}\\S.*\n)*)");
    private static final Pattern LEGAL = Pattern.compile("META-INF/(?:.*/)?[^/]*(?:LICENSE|NOTICE|COPYING)[^/]*");

    /** A work of others: its fields, such as {@code Licence}. */
    private record Work(Map<String, String> fields) {
        /** Empty if the work does not have it. */
        String field(String name) {
            return fields.getOrDefault(name, "").strip();
        }

        List<String> jars() {
            return field("Jars").isEmpty() ? List.of() : List.of(field("Jars").split(",\\s*", -1));
        }
    }

    @Test
    void everyJarOfOthersIsNamedAndEveryNamedJarIsShipped() {
        Set<String> named = new TreeSet<>();
        works().forEach(work -> named.addAll(work.jars()));
        Set<String> shipped = new TreeSet<>();
        jars("modules").keySet().stream()
                .filter(name -> !name.startsWith("brocker"))
                .forEach(shipped::add);

        assertThat(shipped).hasSizeGreaterThanOrEqualTo(FEWEST_JARS);
        assertThat(named).as("jars that NOTICE names").isEqualTo(shipped);
    }

    @Test
    void everyWorkHasALicenceAndAHomePage() {
        assertThat(works()).hasSizeGreaterThanOrEqualTo(10).allSatisfy(work -> {
            assertThat(work.fields()).containsKeys("Licence", "Home page");
            assertThat(work.field("Home page")).startsWith("https://");
            assertThat(work.fields().keySet()).containsAnyOf("Jars", "Location");
        });
    }

    @Test
    void modifiedJarsAreSaidToBeModifiedAndNoOthers() {
        Map<String, Path> originals = jars("libraries");
        Set<String> modified = new TreeSet<>();
        jars("modules").forEach((name, jar) -> {
            if (originals.containsKey(name) && !Arrays.equals(bytes(jar), bytes(originals.get(name)))) {
                modified.add(name);
            }
        });
        Set<String> said = new TreeSet<>();
        works().stream()
                .filter(work -> work.fields().containsKey("Modified"))
                .forEach(work -> said.addAll(work.jars()));

        assertThat(modified).isNotEmpty();
        assertThat(said).as("jars that NOTICE says are modified").isEqualTo(modified);
    }

    @Test
    void licencesAndNoticesOfAllJarsAreInTheDistribution() throws IOException {
        Set<String> present = new HashSet<>();
        try (Stream<Path> files = Files.walk(Distribution.root().resolve("legal"))) {
            files.filter(Files::isRegularFile).forEach(file -> present.add(text(bytes(file))));
        }
        List<String> missing = new ArrayList<>();
        int found = 0;
        for (Path jar : jars("libraries").values()) {
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                for (ZipEntry entry : zip.stream()
                        .filter(entry -> LEGAL.matcher(entry.getName()).matches())
                        .toList()) {
                    found++;
                    try (InputStream in = zip.getInputStream(entry)) {
                        if (!present.contains(text(in.readAllBytes()))) {
                            missing.add(jar.getFileName() + ": " + entry.getName());
                        }
                    }
                }
            }
        }
        assertThat(found).isGreaterThanOrEqualTo(FEWEST_JARS);
        assertThat(missing).isEmpty();
    }

    @Test
    void distributionHasTheLicenceTheNoticeAndThoseOfWhatIsLinkedIn() {
        Path sources = Distribution.sources();
        Path root = Distribution.root();

        assertThat(root.resolve("LICENSE")).hasSameBinaryContentAs(sources.resolve("LICENSE"));
        assertThat(root.resolve("NOTICE")).hasSameBinaryContentAs(sources.resolve("NOTICE"));
        assertThat(root.resolve("legal/musl/COPYRIGHT"))
                .hasSameBinaryContentAs(sources.resolve("brocker-run/legal/musl/COPYRIGHT"));
        assertThat(root.resolve("runtime/legal/java.base/LICENSE")).isNotEmptyFile();
    }

    /** The paragraphs of {@code NOTICE} that have fields. */
    private static List<Work> works() {
        String notice = text(bytes(Distribution.sources().resolve("NOTICE")));
        List<Work> works = new ArrayList<>();
        for (String section : notice.split("\n\n(?=\\S)", -1)) {
            Map<String, String> fields = new TreeMap<>();
            FIELD.matcher(section + "\n").results().forEach(field -> fields.put(field.group(1), field.group(2)));
            if (!fields.isEmpty()) {
                works.add(new Work(fields));
            }
        }
        return works;
    }

    /** The jars of a folder of {@code build}, by their names without versions. */
    private static Map<String, Path> jars(String folder) {
        Map<String, Path> jars = new TreeMap<>();
        try (Stream<Path> files = Files.list(BUILD.resolve(folder))) {
            files.forEach(file -> assertThat(jars.put(
                            file.getFileName().toString().replaceFirst("-\\d[^-]*(?:-[^-]*)?\\.jar$", ""), file))
                    .as("another version of " + file)
                    .isNull());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jars;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
