package brocker.kernel;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a descriptor, which it owns and closes. A read blocks inside a downcall and so pins a carrier: for named platform threads.
 */
public final class FdInputStream extends InputStream {
    private final Fd fd;

    public FdInputStream(Fd fd) {
        this.fd = fd;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            int count = Linux.read(fd, buffer, offset, length);
            return count == 0 ? -1 : count;
        } catch (KernelException | IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
