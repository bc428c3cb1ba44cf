package brocker.kernel;

import java.io.File;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.Objects;

/** Restricts sockets of the JDK to one network device, for which the JDK has no option: {@code SO_BINDTODEVICE} in socket(7). */
public final class SocketDevice {
    private static final String DESCRIPTORS = "/proc/self/fd";

    private SocketDevice() {}

    /**
     * Makes the sockets that this process has bound to an address receive only what comes in through a device, and send only through it.
     * The JDK gives no descriptor out, so the sockets are found by getsockname(2) among all descriptors of the process: about 1 µs each.
     *
     * <p>A socket stays with the device that had the name, and is deaf once that device is gone. What was queued before the call stays
     * queued. Fails with {@code setsockopt("brocker1")}, with ENODEV where there is no such device. Does not block.
     *
     * @return how many sockets there are, one for UDP and one for TCP
     */
    public static int restrict(InetSocketAddress bound, String device) {
        int found = 0;
        try (Call call = new Call()) {
            MemorySegment name = call.string(device);
            MemorySegment address = call.arena().allocate(SocketAddress.IN6);
            MemorySegment length = call.arena().allocate(ValueLayout.JAVA_INT);
            for (String number : Objects.requireNonNull(new File(DESCRIPTORS).list(), DESCRIPTORS)) {
                int fd = Integer.parseInt(number);
                length.set(ValueLayout.JAVA_INT, 0, (int) address.byteSize());
                // ENOTSOCK for a file; EBADF for a descriptor that was closed meanwhile.
                if (LibCSocket.getsockname(call, fd, address, length) == 0 && isOf(address, bound)) {
                    int result =
                            LibCSocket.setsockopt(call, fd, LibCSocket.SOL_SOCKET, LibCSocket.SO_BINDTODEVICE, name);
                    call.check(result, "setsockopt", device);
                    found++;
                }
            }
        }
        return found;
    }

    private static boolean isOf(MemorySegment address, InetSocketAddress bound) {
        int family = address.get(ValueLayout.JAVA_SHORT, 0);
        boolean internet = family == LibCSocket.AF_INET || family == LibCSocket.AF_INET6;
        return internet && SocketAddress.read(address).equals(bound);
    }
}
