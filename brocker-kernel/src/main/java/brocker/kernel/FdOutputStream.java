package brocker.kernel;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes a descriptor, which it owns and closes; unbuffered. A write may block inside a downcall and so pin a carrier: for named
 * platform threads.
 */
public final class FdOutputStream extends OutputStream {
    private final Fd fd;

    public FdOutputStream(Fd fd) {
        this.fd = fd;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        try {
            Linux.writeFully(fd, buffer, offset, length);
        } catch (KernelException | IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
