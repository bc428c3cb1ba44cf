package brocker.daemon.file;

import brocker.kernel.Directory;
import brocker.kernel.Fd;
import brocker.kernel.FileName;
import brocker.kernel.RegularFile;
import brocker.spec.Artifact;
import brocker.spec.BrockerException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Stream;

/** The files that clients uploaded, each under the SHA-256 of its content. Thread-safe. */
public final class Artifacts {
    private static final int EXECUTABLE = 0755;
    private static final int READABLE = 0644;
    private static final int OWNERS = 0700;

    private final Path directory;

    public Artifacts(Path directory) {
        this.directory = directory;
    }

    /** Whether it is there. Whoever asks is about to name it, so it stays for a while. */
    public boolean has(String sha256) {
        Artifact.requireDigest(sha256);
        try {
            Files.setLastModifiedTime(directory.resolve(sha256), FileTime.from(Instant.now()));
            return true;
        } catch (NoSuchFileException _) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Stores what a stream gives, if it is what its name says.
     *
     * @throws BrockerException.Invalid when the content has another digest; nothing is stored then
     */
    public void put(String sha256, InputStream content) throws IOException {
        Artifact.requireDigest(sha256);
        Files.createDirectories(directory);
        Path part = Files.createTempFile(directory, "upload-", ".part");
        try {
            String actual = copy(content, part);
            if (!actual.equals(sha256)) {
                throw new BrockerException.Invalid(
                        "digest-mismatch",
                        "the content of artifact \"" + sha256 + "\" has the digest \"" + actual + "\"",
                        "the file changed while it was uploaded, or the upload was damaged; try again");
            }
            Files.move(part, directory.resolve(sha256), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Where its content lies, if it is there; not to be changed. */
    public Path path(Artifact artifact) {
        return directory.resolve(artifact.sha256());
    }

    /** Refuses what was not uploaded. */
    public void require(Iterable<Artifact> artifacts) {
        for (Artifact artifact : artifacts) {
            if (!has(artifact.sha256())) {
                throw missing(artifact);
            }
        }
    }

    /**
     * Copies an artifact to a container's own directory, where the container may do with it what it likes.
     *
     * @return the copy, open for writing; the caller's to close
     */
    Fd copyTo(Artifact artifact, Directory target) {
        try (FileChannel content = FileChannel.open(path(artifact), StandardOpenOption.READ)) {
            int all = artifact.executable() ? EXECUTABLE : READABLE;
            Fd copy = target.create(FileName.of(artifact.name()), artifact.ownerOnly() ? all & OWNERS : all);
            try (FileChannel to = RegularFile.channel(copy, StandardOpenOption.WRITE)) {
                for (long done = 0; done < content.size(); ) {
                    done += content.transferTo(done, content.size() - done, to);
                }
                return copy;
            } catch (IOException e) {
                copy.close();
                throw e;
            }
        } catch (NoSuchFileException _) {
            throw missing(artifact);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Removes what is not used any more, and what uploads left behind.
     *
     * @param unusedFor what was uploaded or asked for since stays: a client may be about to name it
     */
    public void retain(Set<String> used, Duration unusedFor) {
        FileTime latest = FileTime.from(Instant.now().minus(unusedFor));
        try (Stream<Path> files = Files.exists(directory) ? Files.list(directory) : Stream.empty()) {
            for (Path file : files.toList()) {
                if (!used.contains(file.getFileName().toString()) && isOlder(file, latest)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOlder(Path file, FileTime latest) throws IOException {
        try {
            return Files.getLastModifiedTime(file).compareTo(latest) <= 0;
        } catch (NoSuchFileException _) {
            // An upload that has just ended.
            return false;
        }
    }

    private static BrockerException.Invalid missing(Artifact artifact) {
        return new BrockerException.Invalid(
                "missing-artifact",
                "the artifact \"" + artifact.name() + "\" (" + artifact.sha256().substring(0, 12)
                        + ") was not uploaded",
                "upload it first: PUT /api/v1/artifacts/" + artifact.sha256());
    }

    private static String copy(InputStream content, Path file) throws IOException {
        try (FileOutputStream out = new FileOutputStream(file.toFile())) {
            DigestOutputStream digested = new DigestOutputStream(out, sha256());
            content.transferTo(digested);
            out.getFD().sync();
            return HexFormat.of().formatHex(digested.getMessageDigest().digest());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
