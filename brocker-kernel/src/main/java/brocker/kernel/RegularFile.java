package brocker.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * Files that somebody else may have put where they are read: a symbolic link is not followed, a named pipe does not block, a device is
 * not touched.
 */
public final class RegularFile {
    private RegularFile() {}

    /**
     * Opens a file for reading; the caller closes it.
     *
     * @return empty if the file does not exist
     * @throws IOException when it is a link, a pipe, or anything else that is not a regular file
     */
    public static Optional<FileChannel> open(Path path) throws IOException {
        // O_PATH touches neither a pipe nor a device; the channel opens the file itself, which is the same one then.
        try (Fd file = Linux.open(path.toString(), Linux.O_PATH | Linux.O_NOFOLLOW, 0)) {
            if (!Linux.status(file).isRegularFile()) {
                throw new IOException("\"" + path + "\" is not a regular file");
            }
            return Optional.of(channel(file, StandardOpenOption.READ));
        } catch (KernelException e) {
            if (e.errno().equals(Errno.ENOENT) || e.errno().equals(Errno.ENOTDIR)) {
                return Optional.empty();
            }
            throw new IOException(e.getMessage(), e);
        } catch (NoSuchFileException e) {
            throw new IOException("\"" + path + "\": /proc is not mounted", e);
        }
    }

    /**
     * Reads a whole file.
     *
     * @param most bytes that it may have
     * @return empty if the file does not exist
     * @throws IOException when it is larger, or not a regular file
     */
    public static Optional<byte[]> read(Path path, int most) throws IOException {
        Optional<FileChannel> found = open(path);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (FileChannel channel = found.get()) {
            return Optional.of(read(channel, most, path));
        }
    }

    /**
     * Reads the rest of an open file, which stays open.
     *
     * @param name of it, for the failure
     */
    public static byte[] read(FileChannel channel, int most, Object name) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(most, channel.size()) + 1);
        int count = 0;
        while (count >= 0 && buffer.hasRemaining()) {
            count = channel.read(buffer);
        }
        if (buffer.position() > most) {
            throw new IOException("\"" + name + "\" is larger than " + most + " bytes");
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** A channel on the file that a descriptor is open on, which need not stay open; see proc_pid_fd(5). */
    public static FileChannel channel(Fd file, OpenOption... options) throws IOException {
        return FileChannel.open(Path.of("/proc/self/fd/" + file.number()), options);
    }
}
