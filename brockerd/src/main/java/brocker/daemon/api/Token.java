package brocker.daemon.api;

import brocker.daemon.connection.LocalGroup;
import brocker.spec.BrockerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The bearer token (RFC 6750) that every request over TCP shows. */
public record Token(String value) {
    private static final int BYTES = 32;
    private static final String SCHEME = "Bearer ";

    /**
     * Reads the token of an earlier run, or makes one. Root and the group {@code brocker}, where there is one by now, can read it.
     *
     * @param file {@code RUN_DIR/token}
     */
    public static Token in(Path file) {
        try {
            if (Files.isRegularFile(file)) {
                String known = Files.readString(file).strip();
                if (known.length() == 2 * BYTES) {
                    share(file);
                    return new Token(known);
                }
            }
            byte[] random = new byte[BYTES];
            new SecureRandom().nextBytes(random);
            Token token = new Token(HexFormat.of().formatHex(random));
            token.write(file);
            return token;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes it where it was deleted while the daemon runs. */
    public void restore(Path file) {
        try {
            if (!Files.exists(file)) {
                write(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compares in a time that does not depend on where the difference is. */
    void require(String authorization) {
        byte[] shown = authorization.getBytes(StandardCharsets.UTF_8);
        byte[] wanted = (SCHEME + value).getBytes(StandardCharsets.UTF_8);
        if (authorization.isEmpty()) {
            throw new BrockerException.Unauthorized(
                    "no-token", "the request shows no token", "send it: Authorization: Bearer TOKEN");
        }
        if (!MessageDigest.isEqual(shown, wanted)) {
            throw new BrockerException.Unauthorized(
                    "wrong-token",
                    "the token is not this daemon's",
                    "read it from RUN_DIR/token, which is \"/run/brocker/token\" where no --run-dir is given");
        }
    }

    private void write(Path file) throws IOException {
        Path fresh = file.resolveSibling("token.new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, value + "\n");
        share(fresh);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void share(Path file) throws IOException {
        LocalGroup.share(file, "rw-r-----", "rw-------");
    }
}
