package brocker.client.http;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;

/**
 * A connection to a socket of {@code unix(7)}, made by a native method of {@code libbrocker-client.so}: the JDK's own way first sets up a
 * source of secure random numbers, which takes a fifth of a command's time ({@code docs/decisions/0022}).
 */
final class UnixSocket {
    /** Of {@code errno.h}. */
    private static final int ENOENT = 2;

    private static final int EACCES = 13;
    private static final int ECONNREFUSED = 111;

    static {
        load();
    }

    private UnixSocket() {}

    /**
     * Connects.
     *
     * @throws ConnectException when nothing listens there
     * @throws ConnectionDenied when this user may not
     */
    static Link connect(String path) throws IOException {
        FileDescriptor descriptor = new FileDescriptor();
        int errno = connect(path.getBytes(StandardCharsets.UTF_8), descriptor);
        if (errno == ENOENT || errno == ECONNREFUSED) {
            throw new ConnectException("nothing listens at \"" + path + "\"");
        }
        if (errno == EACCES) {
            throw new ConnectionDenied(path);
        }
        if (errno != 0) {
            throw new IOException("connect(2) fails with error " + errno);
        }
        FileInputStream in = new FileInputStream(descriptor);
        return new Link(in, new FileOutputStream(descriptor), in);
    }

    /**
     * {@code connect(2)}.
     *
     * @param descriptor becomes the connection's
     * @return 0, or {@code errno}
     */
    private static native int connect(byte[] path, FileDescriptor descriptor);

    @SuppressWarnings("restricted")
    private static void load() {
        System.load(System.getProperty("brocker.home", "") + "/lib/libbrocker-client.so");
    }
}
