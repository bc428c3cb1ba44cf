package brocker.client.text;

import brocker.spec.Escaped;
import java.util.Arrays;

/**
 * A stream of bytes from elsewhere that a terminal is shown: UTF-8 in which all that {@link Escaped} escapes is escaped but tabs, and
 * bytes that are none as {@code \}{@code x9b}. Its pieces may end within a character. For one thread.
 */
public final class EscapedUtf8 {
    /** The least code point of a sequence of so many bytes (RFC 3629, 3). */
    private static final int[] LEAST = {0, 0, 0x80, 0x800, 0x10000};

    private static final int INVALID = -1;
    private static final int INCOMPLETE = -2;

    private byte[] kept = {};

    /** A whole line, without its end. */
    public static String line(byte[] bytes) {
        return new EscapedUtf8().next(bytes, true);
    }

    /**
     * The next piece of a line.
     *
     * @param last whether the line ends with it; otherwise the beginning of a character at its end is kept for the next piece
     */
    public String next(byte[] piece, boolean last) {
        byte[] bytes = piece;
        if (kept.length > 0) {
            bytes = Arrays.copyOf(kept, kept.length + piece.length);
            System.arraycopy(piece, 0, bytes, kept.length, piece.length);
            kept = new byte[0];
        }
        StringBuilder text = new StringBuilder(bytes.length + 16);
        for (int i = 0; i < bytes.length; ) {
            int c = bytes[i] == '\t' ? '\t' : codePoint(bytes, i);
            if (c == INCOMPLETE && !last) {
                kept = Arrays.copyOfRange(bytes, i, bytes.length);
                break;
            }
            i += append(text, bytes[i], c);
        }
        return text.toString();
    }

    /** Gives how many bytes that was. */
    private static int append(StringBuilder text, byte first, int c) {
        if (c < 0) {
            text.append("\\x")
                    .append(Character.forDigit(first >> 4 & 15, 16))
                    .append(Character.forDigit(first & 15, 16));
            return 1;
        }
        if (c == '\t') {
            text.append('\t');
        } else {
            Escaped.append(text, c);
        }
        return length(first);
    }

    /** What the first byte says; 0 where it cannot be one. */
    private static int length(byte first) {
        int lead = first & 0xff;
        if (lead < 0x80) {
            return 1;
        }
        return lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    }

    private static int codePoint(byte[] bytes, int at) {
        int length = length(bytes[at]);
        if (length < 2) {
            return length == 0 ? INVALID : bytes[at];
        }
        int c = bytes[at] & (0x7f >> length);
        for (int i = 1; i < length; i++) {
            if (at + i == bytes.length) {
                return INCOMPLETE;
            }
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return INVALID;
            }
            c = (c << 6) | (bytes[at + i] & 0x3f);
        }
        boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return c < LEAST[length] || surrogate || c > Character.MAX_CODE_POINT ? INVALID : c;
    }
}
