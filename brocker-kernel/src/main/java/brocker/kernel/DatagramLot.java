package brocker.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Room for as many datagrams as one recvmmsg(2) takes. Used by one thread at a time. */
final class DatagramLot {
    /** How many it takes. */
    static final int MOST = 64;

    private static final int LONGEST = 2048;
    private static final long IOV = offset("msg_hdr.msg_iov");
    private static final long IOVLEN = offset("msg_hdr.msg_iovlen");
    private static final long LENGTH = offset("msg_len");

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment bytes = arena.allocate((long) MOST * LONGEST);
    private final MemorySegment messages = arena.allocate(MemoryLayout.sequenceLayout(MOST, LibCSocket.MMSGHDR));
    private final byte[] datagram = new byte[LONGEST];

    DatagramLot() {
        MemorySegment vectors = arena.allocate(MemoryLayout.sequenceLayout(MOST, LibCSocket.IOVEC));
        long size = LibCSocket.IOVEC.byteSize();
        for (int i = 0; i < MOST; i++) {
            MemorySegment vector = vectors.asSlice(i * size, size);
            vector.set(ValueLayout.ADDRESS, 0, bytes.asSlice((long) i * LONGEST, LONGEST));
            vector.set(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS.byteSize(), LONGEST);
            messages.set(ValueLayout.ADDRESS, at(i) + IOV, vector);
            messages.set(ValueLayout.JAVA_LONG, at(i) + IOVLEN, 1);
        }
    }

    /**
     * Gives the listener what waits in a socket, as much of it as there is room for; does not wait.
     *
     * @return how many
     */
    int receive(Fd socket, DatagramReader.Listener listener) {
        int count;
        try (Call call = new Call()) {
            count = LibCSocket.recvmmsg(call, socket.number(), messages, MOST, LibCSocket.MSG_DONTWAIT);
            if (count < 0) {
                if (call.errno().equals(Errno.EAGAIN) || call.errno().equals(Errno.EINTR)) {
                    return 0;
                }
                throw call.failure("recvmmsg", socket);
            }
        }
        for (int i = 0; i < count; i++) {
            int length = messages.get(ValueLayout.JAVA_INT, at(i) + LENGTH);
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, (long) i * LONGEST, datagram, 0, length);
            listener.received(datagram, length);
        }
        return count;
    }

    private static long at(int message) {
        return message * LibCSocket.MMSGHDR.byteSize();
    }

    private static long offset(String field) {
        return LibCSocket.MMSGHDR.byteOffset(MemoryLayout.PathElement.groupElement(field));
    }
}
