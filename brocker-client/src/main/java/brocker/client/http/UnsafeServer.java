package brocker.client.http;

import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Another user listens in the daemon's place, or may; nothing was sent. The message says who. */
public final class UnsafeServer extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    private UnsafeServer(String message) {
        super(message + "; the token was not sent");
    }

    static UnsafeServer ofUser(LoopbackPeer peer, long uid) {
        return new UnsafeServer(peer + " belongs to user \"" + userName(uid) + "\", not to root");
    }

    static UnsafeServer unknown(LoopbackPeer peer) {
        return new UnsafeServer("it cannot be seen whom " + peer + " belongs to");
    }

    /** Of {@code passwd(5)}; the number where it is not there. */
    private static String userName(long uid) {
        try {
            for (String line : Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1)) {
                String[] fields = line.split(":", -1);
                if (fields.length > 2 && fields[2].equals(String.valueOf(uid))) {
                    return fields[0];
                }
            }
        } catch (IOException e) {
            // As good as a user without a name.
            return String.valueOf(uid);
        }
        return String.valueOf(uid);
    }
}
