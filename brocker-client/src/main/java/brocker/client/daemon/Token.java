package brocker.client.daemon;

import brocker.spec.BrockerException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where the bearer token comes from: as it is, or a file that holds it. */
public sealed interface Token {
    record Literal(String text) implements Token {}

    record InFile(String path) implements Token {
        /** The one that a daemon without {@code --run-dir} writes. */
        public static final InFile STANDARD = new InFile("/run/brocker/token");
    }

    /**
     * The token itself, without white space around it.
     *
     * @throws BrockerException.Host when the file cannot be read, {@code BrockerException.Invalid} when it holds no token
     */
    default String read() {
        // Not a switch over the types: it would be the only one that every start has to link (SwitchBootstraps).
        String text = this instanceof InFile file ? read(file.path()) : literal();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) >= 127) {
                throw new BrockerException.Invalid("invalid-token", "the token is not one word of ASCII", "");
            }
        }
        if (text.isEmpty()) {
            throw new BrockerException.Invalid("invalid-token", "the token is empty", "");
        }
        return text;
    }

    private String literal() {
        return this instanceof Literal literal ? literal.text().strip() : "";
    }

    /** {@code java.nio.file} says why a file cannot be read, but its file system takes a while to set up. */
    private static String read(String path) {
        try (InputStream in = new FileInputStream(path)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            return readAgain(path);
        }
    }

    private static String readAgain(String path) {
        try {
            return Files.readString(Path.of(path), StandardCharsets.ISO_8859_1).strip();
        } catch (NoSuchFileException e) {
            throw unreadable(
                    path,
                    "no such file",
                    "brockerd writes it to RUN_DIR/token; set BROCKER_TOKEN_FILE to that, or BROCKER_HOST to unix://RUN_DIR/brockerd.sock");
        } catch (AccessDeniedException e) {
            throw unreadable(path, "permission denied", "use sudo, or become a member of the group \"brocker\"");
        } catch (IOException e) {
            throw unreadable(path, String.valueOf(e.getMessage()), "");
        }
    }

    private static BrockerException.Host unreadable(String path, String reason, String hint) {
        return new BrockerException.Host("no-token", "cannot read the token \"" + path + "\": " + reason, hint);
    }
}
