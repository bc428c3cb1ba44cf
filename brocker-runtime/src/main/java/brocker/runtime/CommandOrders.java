package brocker.runtime;

import brocker.runtime.process.Credentials;
import brocker.runtime.process.Orders;
import brocker.spec.Command;
import java.util.Map;

/** The orders about the command itself, the same for a container's first command and for exec. */
final class CommandOrders {
    /**
     * What root inside may do: chown, dac_override, fowner, fsetid, kill, setgid, setuid, setpcap, net_bind_service, sys_chroot and
     * setfcap, which is Docker's default without net_raw, mknod and audit_write; see {@code capabilities(7)}.
     */
    private static final long CAPABILITIES =
            1L | 1 << 1 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 10 | 1 << 18 | 1L << 31;

    private CommandOrders() {}

    static void add(
            Orders orders,
            Command command,
            Map<String, String> env,
            Credentials user,
            String workingDirectory,
            int sockets) {
        orders.add("capabilities", Long.toHexString(CAPABILITIES))
                .add("user", user.uid(), user.gid())
                .each("group", user.groups())
                .add("working-directory", workingDirectory);
        env.forEach((name, value) -> orders.add("env", name + "=" + value));
        orders.each("argument", command.arguments());
        if (sockets > 0) {
            orders.add("sockets", sockets);
        }
    }
}
