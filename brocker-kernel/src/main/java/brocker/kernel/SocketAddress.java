package brocker.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** {@code struct sockaddr_in}, {@code sockaddr_in6} and {@code sockaddr_un}; see ip(7), ipv6(7) and unix(7). */
final class SocketAddress {
    private static final ValueLayout.OfShort NETWORK_SHORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    static final StructLayout IN = MemoryLayout.structLayout(
            JAVA_SHORT.withName("sin_family"),
            NETWORK_SHORT.withName("sin_port"),
            MemoryLayout.sequenceLayout(4, JAVA_BYTE).withName("sin_addr"),
            MemoryLayout.paddingLayout(8));

    static final StructLayout IN6 = MemoryLayout.structLayout(
            JAVA_SHORT.withName("sin6_family"),
            NETWORK_SHORT.withName("sin6_port"),
            ValueLayout.JAVA_INT.withName("sin6_flowinfo"),
            MemoryLayout.sequenceLayout(16, JAVA_BYTE).withName("sin6_addr"),
            ValueLayout.JAVA_INT.withName("sin6_scope_id"));

    /** In bytes; the zero at the end comes on top. */
    static final int LONGEST_PATH = 107;

    private static final int PATH_LENGTH = LONGEST_PATH + 1;

    static final StructLayout UN = MemoryLayout.structLayout(
            JAVA_SHORT.withName("sun_family"),
            MemoryLayout.sequenceLayout(PATH_LENGTH, JAVA_BYTE).withName("sun_path"));

    private SocketAddress() {}

    static MemorySegment write(SegmentAllocator allocator, InetSocketAddress address) {
        byte[] bytes = address.getAddress().getAddress();
        boolean v4 = bytes.length == 4;
        MemorySegment memory = allocator.allocate(v4 ? IN : IN6);
        memory.set(JAVA_SHORT, 0, (short) (v4 ? LibCSocket.AF_INET : LibCSocket.AF_INET6));
        memory.set(NETWORK_SHORT, 2, (short) address.getPort());
        MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, v4 ? 4 : 8, bytes.length);
        return memory;
    }

    /**
     * A path, or a name without a file where it begins with {@code @}, as long as it is used: an abstract name has no end
     * but the length of the address.
     */
    static MemorySegment write(SegmentAllocator allocator, String path) {
        boolean named = path.startsWith("@");
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || path.indexOf('\0') >= 0 || bytes.length + (named ? 0 : 1) > PATH_LENGTH) {
            throw new IllegalArgumentException("a socket's path has 1 to " + LONGEST_PATH + " bytes and no NUL: \""
                    + path.replace('\0', '?') + '"');
        }
        MemorySegment memory = allocator.allocate(2 + bytes.length + (named ? 0 : 1), 2);
        memory.set(JAVA_SHORT, 0, (short) LibCSocket.AF_UNIX);
        MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, 2, bytes.length);
        if (named) {
            memory.set(JAVA_BYTE, 2, (byte) 0);
        }
        return memory;
    }

    /** The path of a Unix socket, empty for one without; {@code length} is the kernel's. */
    static String readPath(MemorySegment memory, int length) {
        byte[] bytes = memory.asSlice(2, Math.max(0, length - 2)).toArray(JAVA_BYTE);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    static boolean isUnix(MemorySegment memory) {
        return memory.get(JAVA_SHORT, 0) == LibCSocket.AF_UNIX;
    }

    static InetSocketAddress read(MemorySegment memory) {
        int family = memory.get(JAVA_SHORT, 0);
        byte[] bytes = switch (family) {
            case LibCSocket.AF_INET -> memory.asSlice(4, 4).toArray(JAVA_BYTE);
            case LibCSocket.AF_INET6 -> memory.asSlice(8, 16).toArray(JAVA_BYTE);
            default -> throw new IllegalArgumentException("address family " + family + " is not an IP one");
        };
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), memory.get(NETWORK_SHORT, 2) & 0xffff);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 are the lengths that InetAddress knows", e);
        }
    }
}
