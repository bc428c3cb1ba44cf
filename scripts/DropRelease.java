import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * Takes what is for one Java release and newer ones out of a multi-release jar, in place: {@code java DropRelease.java FILE.jar 18}. For
 * dnsjava, whose module is a provider of name resolution from 18 on: the JVM would find it in the image and ask it for every host name,
 * in the client as well.
 */
final class DropRelease {
    private DropRelease() {}

    public static void main(String[] arguments) throws IOException {
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(arguments[0]));
                var paths = Files.walk(jar.getPath("/META-INF/versions", arguments[1]))) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
            // Names a class of that release, which every look-up of a host would then miss.
            Files.deleteIfExists(jar.getPath("/META-INF/services/java.net.spi.InetAddressResolverProvider"));
        }
    }
}
