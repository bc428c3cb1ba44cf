package brocker.daemon;

import brocker.spec.BrockerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a second daemon from the same run directory; the kernel lets go of it when the process ends, however it ends. */
final class InstanceLock implements AutoCloseable {
    private final FileChannel channel;

    InstanceLock(Path file) {
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw new BrockerException.Conflict(
                        "daemon-running",
                        "another brockerd holds \"" + file + "\"",
                        "stop that one first, or choose other directories: --run-dir, --state-dir, --container-dir");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
