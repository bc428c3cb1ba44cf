package brocker.kernel.netlink;

import brocker.kernel.Errno;
import brocker.kernel.Fd;
import brocker.kernel.KernelException;
import brocker.kernel.NetlinkSocket;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One rtnetlink(7) socket in one network namespace. Any thread may use it, one at a time.
 *
 * <p>A refusal is a {@link KernelException} that names message and object, {@code RTM_NEWLINK("veth7")}, and
 * carries the kernel's own explanation where it gave one. What is created must not exist before (EEXIST). Links set up
 * or attached here generate no IPv6 address of their own. Calls take microseconds, but may wait for the kernel's one
 * rtnetlink lock: for platform threads.
 */
public final class Rtnetlink implements AutoCloseable {
    /** The kernel never fills more than 32 KiB of one dump datagram. */
    private static final int BUFFER = 32 * 1024;

    private final NetlinkSocket socket;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER); // a request, then its replies
    private int sequence;

    private Rtnetlink(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** A socket in the calling thread's network namespace, to which it stays bound whoever uses it. */
    public static Rtnetlink open() {
        return new Rtnetlink(NetlinkSocket.open(Rtm.NETLINK_ROUTE));
    }

    /** A bridge, which is down and has no address yet. */
    public synchronized void addBridge(String name, MacAddress address) {
        change(LinkMessages.addBridge(buffer, ++sequence, name, address), name);
    }

    /** A veth(4) pair: {@code name} with this address here, {@code peerName} in the other namespace; both down. */
    public synchronized void addVeth(String name, MacAddress address, String peerName, Fd peerNamespace) {
        change(LinkMessages.addVeth(buffer, ++sequence, name, address, peerName, peerNamespace.number()), name);
    }

    /** Makes {@code link} a port of {@code bridge} and sets it up. */
    public synchronized void attach(String link, String bridge) {
        int master = index(bridge);
        generateNoAddress(link);
        change(LinkMessages.attach(buffer, ++sequence, link, master), link);
    }

    /** Sets the link up; also for {@code lo}. */
    public synchronized void setUp(String link) {
        generateNoAddress(link);
        change(LinkMessages.setUp(buffer, ++sequence, link), link);
    }

    /** Adds the address with the broadcast address of its prefix (none for a prefix of 31 or 32). */
    public synchronized void addAddress(String link, Inet4Address address, int prefix) {
        int index = index(link);
        change(
                AddressMessages.addAddress(buffer, ++sequence, index, address, prefix),
                link + " " + address.getHostAddress() + "/" + prefix);
    }

    /** Adds the default route of the main table through a gateway that a link's prefix reaches. */
    public synchronized void addDefaultRoute(Inet4Address gateway) {
        change(AddressMessages.addDefaultRoute(buffer, ++sequence, gateway), gateway.getHostAddress());
    }

    /** Deletes the link, of a veth pair both ends; false when there is none of this name. */
    public synchronized boolean deleteLink(String name) {
        try {
            change(LinkMessages.delete(buffer, ++sequence, name), name);
            return true;
        } catch (KernelException e) {
            if (e.errno().equals(Errno.ENODEV)) {
                return false;
            }
            throw e;
        }
    }

    public synchronized List<Link> links() {
        return dump(
                () -> LinkMessages.list(buffer, ++sequence),
                message -> message.type() == Rtm.RTM_NEWLINK ? List.of(LinkMessages.read(message)) : List.of());
    }

    /** What went through each link. */
    public synchronized List<LinkTraffic> traffic() {
        return dump(
                () -> LinkMessages.listTraffic(buffer, ++sequence),
                message -> message.type() == Rtm.RTM_NEWLINK ? List.of(LinkMessages.readTraffic(message)) : List.of());
    }

    /** IPv4 and IPv6, of all links. */
    public synchronized List<LinkAddress> addresses() {
        return dump(
                () -> AddressMessages.listAddresses(buffer, ++sequence),
                message ->
                        message.type() == Rtm.RTM_NEWADDR ? List.of(AddressMessages.readAddress(message)) : List.of());
    }

    /** The IPv4 routes of the main table. */
    public synchronized List<Route> routes() {
        return dump(
                () -> AddressMessages.listRoutes(buffer, ++sequence),
                message -> message.type() == Rtm.RTM_NEWROUTE && AddressMessages.isInMainTable(message)
                        ? List.of(AddressMessages.readRoute(message))
                        : List.of());
    }

    @Override
    public synchronized void close() {
        socket.close();
    }

    private int index(String name) {
        MessageWriter request = LinkMessages.get(buffer, ++sequence, name);
        return LinkMessages.read(exchange(request, name)).index();
    }

    /** A kernel without IPv6 says EAFNOSUPPORT, and has nothing to turn off. */
    private void generateNoAddress(String link) {
        try {
            change(LinkMessages.generateNoAddress(buffer, ++sequence, link), link);
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.EAFNOSUPPORT)) {
                throw e;
            }
        }
    }

    private void change(MessageWriter request, String object) {
        Message reply = exchange(request, object);
        if (reply.type() != Rtm.NLMSG_ERROR) {
            throw new IllegalStateException(Rtm.name(request.type()) + " was answered by " + Rtm.name(reply.type()));
        }
    }

    /** The one reply to a request that is no dump; a refusal is thrown. */
    private Message exchange(MessageWriter request, String object) {
        socket.send(request.finish());
        while (true) {
            for (Message message : receive()) {
                refuse(message, request.type(), "(\"" + object + "\")");
                return message;
            }
        }
    }

    /** Again from the start when the kernel says that what it listed changed underneath (NLM_F_DUMP_INTR). */
    private <T> List<T> dump(Supplier<MessageWriter> request, Function<Message, List<T>> reader) {
        List<T> found = new ArrayList<>();
        boolean interrupted;
        do {
            found.clear();
            interrupted = false;
            MessageWriter sent = request.get();
            socket.send(sent.finish());
            boolean done = false;
            while (!done) {
                for (Message message : receive()) {
                    refuse(message, sent.type(), "()");
                    interrupted |= (message.flags() & Rtm.NLM_F_DUMP_INTR) != 0;
                    done |= message.type() == Rtm.NLMSG_DONE;
                    found.addAll(reader.apply(message));
                }
            }
        } while (interrupted);
        return List.copyOf(found);
    }

    /** What came for the current request; a reply to an earlier one, which ended in an exception, is passed over. */
    private List<Message> receive() {
        socket.receive(buffer);
        return Message.read(buffer).stream()
                .filter(message -> message.sequence() == sequence)
                .toList();
    }

    private static void refuse(Message message, int request, String object) {
        boolean status = message.type() == Rtm.NLMSG_ERROR || message.type() == Rtm.NLMSG_DONE;
        if (!status || message.error() == 0) {
            return;
        }
        String call = Rtm.name(request) + object;
        Errno errno = Errno.of(message.error());
        String explanation = message.type() == Rtm.NLMSG_ERROR ? message.explanation() : "";
        throw explanation.isEmpty() ? new KernelException(call, errno) : new KernelException(call, errno, explanation);
    }
}
