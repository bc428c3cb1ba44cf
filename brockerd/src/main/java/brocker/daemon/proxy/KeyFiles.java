package brocker.daemon.proxy;

import brocker.daemon.port.Route;
import brocker.runtime.process.UserIds;
import brocker.spec.Pem;
import brocker.spec.Tls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The certificates and keys beside the configuration of an ingress, named by their content. The keys are readable by their owner alone, who
 * is root of the container in which nginx runs.
 */
record KeyFiles(Path directory) {
    private static final String PREFIX = "tls-";
    private static final String CERTIFICATE = ".crt";
    private static final String KEY = ".key";
    private static final int DIGITS = 32;

    /** The certificate's file. */
    static String certificate(Tls tls) {
        return name(tls) + CERTIFICATE;
    }

    /** The key's file. */
    static String key(Tls tls) {
        return name(tls) + KEY;
    }

    /**
     * Writes those that are missing.
     *
     * @param users of the container that reads them
     */
    void write(List<Route> routes, Optional<UserIds> users) {
        for (Tls tls : routes.stream()
                .flatMap(route -> route.tls().stream())
                .distinct()
                .toList()) {
            write(certificate(tls), text(tls.certificate()), "rw-r--r--");
            write(key(tls), text(tls.key()), "rw-------");
        }
        handOver(users);
    }

    /** Gives the keys to root of a container. */
    void handOver(Optional<UserIds> users) {
        int root = users.map(ids -> ids.outside(0)).orElse(0);
        try {
            for (Path key : ours(name -> name.endsWith(KEY))) {
                Files.setAttribute(key, "unix:uid", root);
                Files.setAttribute(key, "unix:gid", root);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes those that a configuration does not name. */
    void retain(String configuration) {
        try {
            for (Path unused : ours(name -> !configuration.contains(name))) {
                Files.deleteIfExists(unused);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String name, String text, String permissions) {
        Path file = directory.resolve(name);
        Path unfinished = directory.resolve(name + ".new");
        try {
            if (Files.exists(file)) {
                return;
            }
            Files.deleteIfExists(unfinished);
            Files.createFile(
                    unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
            Files.writeString(unfinished, text);
            Files.move(unfinished, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> ours(Predicate<String> wanted) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(PREFIX))
                    .filter(file -> wanted.test(file.getFileName().toString()))
                    .toList();
        }
    }

    private static String name(Tls tls) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(text(tls.certificate()).getBytes(StandardCharsets.UTF_8));
            digest.update(text(tls.key()).getBytes(StandardCharsets.UTF_8));
            return PREFIX + HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    private static String text(Pem pem) {
        return switch (pem) {
            case Pem.Text(String text) -> text;
            case Pem.InFile(String path) -> throw new IllegalArgumentException("\"" + path + "\" is not the text");
        };
    }
}
