package brocker.kernel;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The name of a directory's entry: bytes without a slash or NUL, in no particular encoding; see path_resolution(7). */
public final class FileName {
    private final byte[] bytes;

    private FileName(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * A name in UTF-8.
     *
     * @throws IllegalArgumentException where it is no single name, or leads upwards
     */
    public static FileName of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The same of bytes, which are copied. */
    public static FileName of(byte[] bytes) {
        FileName name = new FileName(bytes.clone());
        if (bytes.length == 0 || name.isSelfOrParent() || name.contains('/') || name.contains('\0')) {
            throw new IllegalArgumentException("\"" + name + "\" is not the name of a directory's entry");
        }
        return name;
    }

    /** A name that the kernel gave, which may be {@code .} or {@code ..}. */
    static FileName listed(byte[] bytes) {
        return new FileName(bytes);
    }

    /** With the NUL that C wants. */
    byte[] terminated() {
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    boolean isSelfOrParent() {
        return bytes.length <= 2 && bytes[0] == '.' && bytes[bytes.length - 1] == '.';
    }

    private boolean contains(char c) {
        for (byte b : bytes) {
            if (b == c) {
                return true;
            }
        }
        return false;
    }

    /** For people: what is not UTF-8 is replaced by U+FFFD. */
    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
