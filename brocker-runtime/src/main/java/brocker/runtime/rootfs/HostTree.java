package brocker.runtime.rootfs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a container may see of the host's system directories: programs and libraries, and of {@code /etc} only what a JVM or a
 * dynamically linked program reads. Never shadow, ssh, sudoers, private keys or Brocker's own files.
 *
 * @param bound directories that are bound read-only
 * @param links symbolic links of the root, such as {@code /bin} where {@code /usr} is merged
 * @param copied files and links of {@code /etc} that are copied
 */
record HostTree(List<Path> bound, List<Path> links, List<Path> copied) {
    private static final List<String> SYSTEM =
            List.of("/usr", "/opt", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");
    private static final List<String> ETC_DIRECTORIES =
            List.of("alternatives", "ca-certificates", "crypto-policies", "fonts", "ld.so.conf.d", "pki", "ssl");
    private static final List<String> ETC_FILES = List.of(
            "debian_version",
            "gai.conf",
            "group",
            "host.conf",
            "ld.so.cache",
            "ld.so.conf",
            "localtime",
            "mime.types",
            "nsswitch.conf",
            "os-release",
            "passwd",
            "protocols",
            "services",
            "timezone");

    HostTree {
        bound = List.copyOf(bound);
        links = List.copyOf(links);
        copied = List.copyOf(copied);
    }

    /** Changes whenever a scan could find something else, or a copied file says something else. */
    static long fingerprint() {
        Path etc = Path.of("/etc");
        long fingerprint = modified(etc);
        for (String file : ETC_FILES) {
            fingerprint = fingerprint * 31 + modified(etc.resolve(file));
        }
        return fingerprint;
    }

    private static long modified(Path path) {
        return path.toFile().lastModified();
    }

    static HostTree scan() {
        List<Path> bound = new ArrayList<>();
        List<Path> links = new ArrayList<>();
        for (String name : SYSTEM) {
            Path path = Path.of(name);
            if (Files.isSymbolicLink(path)) {
                links.add(path);
            } else if (Files.isDirectory(path)) {
                bound.add(path);
            }
        }
        Path etc = Path.of("/etc");
        ETC_DIRECTORIES.stream().map(etc::resolve).filter(Files::isDirectory).forEach(bound::add);
        bound.addAll(javaConfiguration(etc));
        List<Path> copied = ETC_FILES.stream()
                .map(etc::resolve)
                .filter(file -> Files.isRegularFile(file) || Files.isSymbolicLink(file))
                .toList();
        return new HostTree(bound, links, copied);
    }

    /** Debian's JDKs keep their configuration in {@code /etc/java-17-openjdk} and link to it. */
    private static List<Path> javaConfiguration(Path etc) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(etc, "{java,java-*,jvm-*}")) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry)) {
                    found.add(entry);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }
}
