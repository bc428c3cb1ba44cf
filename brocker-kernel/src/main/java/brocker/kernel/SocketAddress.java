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

/** {@code struct sockaddr_in} and {@code struct sockaddr_in6}; see ip(7) and ipv6(7). */
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
