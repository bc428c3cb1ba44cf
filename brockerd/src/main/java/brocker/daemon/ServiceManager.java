package brocker.daemon;

import brocker.kernel.KernelException;
import brocker.kernel.UnixDatagramSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Who started the daemon and wants to be told how it is, by the protocol of sd_notify(3): systemd, where the unit is
 * {@code Type=notify}. Without one, or where it does not listen any more, nothing is told and the daemon goes on.
 *
 * @param socket a path, or a name without a file that begins with {@code @}; empty where nobody asked
 */
record ServiceManager(String socket) {
    static ServiceManager of(Map<String, String> environment) {
        return new ServiceManager(environment.getOrDefault("NOTIFY_SOCKET", ""));
    }

    /** The daemon serves from now on. */
    void ready(String status) {
        tell("READY=1\n" + line(status));
    }

    /** The daemon leaves. */
    void stopping(String status) {
        tell("STOPPING=1\n" + line(status));
    }

    /** The daemon is alive; what the manager's watchdog wants to hear. */
    void alive() {
        tell("WATCHDOG=1");
    }

    /** What {@code systemctl status} shows. */
    void status(String status) {
        tell(line(status));
    }

    private static String line(String status) {
        return "STATUS=" + status.replace('\n', ' ');
    }

    private void tell(String message) {
        if (socket.isEmpty()) {
            return;
        }
        try (UnixDatagramSocket sender = UnixDatagramSocket.open()) {
            sender.send(socket, message.getBytes(StandardCharsets.UTF_8));
        } catch (KernelException | IllegalArgumentException e) {
            System.getLogger(ServiceManager.class.getName())
                    .log(System.Logger.Level.WARNING, "the service manager is not told: " + e.getMessage());
        }
    }
}
