package brocker.daemon.health;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Executable archives of Spring Boot, by what lies in them: {@code BOOT-INF/lib} in a jar, {@code WEB-INF/lib} in a war. See "The
 * Executable Jar Format" in the reference of Spring Boot.
 */
public final class SpringBoot {
    private static final System.Logger LOG = System.getLogger(SpringBoot.class.getName());
    private static final Pattern ACTUATOR = Pattern.compile("(BOOT|WEB)-INF/lib/spring-boot-actuator-\\d[^/]*\\.jar");

    private SpringBoot() {}

    /**
     * Whether a file is an archive with the actuator in it. Reads its list of entries alone.
     *
     * @param name under which it was uploaded, which says whether it is worth looking
     */
    public static boolean hasActuator(String name, Path file) {
        if (!name.endsWith(".jar") && !name.endsWith(".war")) {
            return false;
        }
        try (ZipFile archive = new ZipFile(file.toFile())) {
            return archive.stream().map(ZipEntry::getName).anyMatch(ACTUATOR.asMatchPredicate());
        } catch (IOException | RuntimeException e) {
            // Whatever it is, it is no archive that java would run.
            LOG.log(System.Logger.Level.DEBUG, "\"" + name + "\" is not an archive: " + e.getMessage());
            return false;
        }
    }
}
