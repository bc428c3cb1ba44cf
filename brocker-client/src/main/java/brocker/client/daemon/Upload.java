package brocker.client.daemon;

import brocker.client.text.Progress;
import brocker.spec.Artifact;
import brocker.spec.BrockerException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Brings files to the daemon, each only when it does not have that content already. No file is ever whole in memory. */
public final class Upload {
    private static final int CHUNK = 64 << 10;

    private final Daemon daemon;
    private final Progress progress;

    public Upload(Daemon daemon, Progress progress) {
        this.daemon = daemon;
        this.progress = progress;
    }

    /**
     * The file as the daemon now has it.
     *
     * @throws BrockerException.Invalid when the file cannot be read or changes meanwhile
     */
    public Artifact artifact(Path file) {
        MessageDigest digest = sha256();
        long size = digest(file, digest);
        Artifact artifact = new Artifact(
                file.getFileName().toString(),
                HexFormat.of().formatHex(digest.digest()),
                Files.isExecutable(file),
                !othersRead(file));
        String path = "/artifacts/" + artifact.sha256();
        if (!daemon.exists(path)) {
            daemon.put(path, size, out -> send(file, size, out));
            progress.done();
        }
        return artifact;
    }

    private static boolean othersRead(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static long digest(Path file, MessageDigest digest) {
        byte[] buffer = new byte[CHUNK];
        long size = 0;
        try (InputStream in = Files.newInputStream(file)) {
            int count;
            while ((count = in.read(buffer)) > 0) {
                digest.update(buffer, 0, count);
                size += count;
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        return size;
    }

    private void send(Path file, long size, OutputStream out) throws IOException {
        byte[] buffer = new byte[CHUNK];
        long sent = 0;
        progress.start(file.getFileName().toString(), size);
        try (InputStream in = open(file)) {
            while (sent < size) {
                int count = read(file, in, buffer, (int) Math.min(CHUNK, size - sent));
                out.write(buffer, 0, count);
                sent += count;
                progress.at(sent);
            }
        }
    }

    private static InputStream open(Path file) {
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Reads at least one byte. */
    private static int read(Path file, InputStream in, byte[] buffer, int most) {
        int count;
        try {
            count = in.read(buffer, 0, most);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        if (count < 0) {
            throw new BrockerException.Invalid(
                    "file-changed", "\"" + file + "\" became shorter while it was uploaded", "try again");
        }
        return count;
    }

    private static BrockerException.Invalid unreadable(Path file, IOException e) {
        return new BrockerException.Invalid("unreadable-file", "cannot read \"" + file + "\": " + e.getMessage(), "");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
