package brocker.daemon.proxy;

import brocker.kernel.Exit;
import brocker.kernel.Fd;
import brocker.kernel.FdInputStream;
import brocker.runtime.CommandPlan;
import brocker.runtime.ExecSession;
import brocker.runtime.RunningContainer;
import brocker.spec.BrockerException;
import brocker.spec.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code nginx -t} in the container of an nginx, with its namespaces and its files. Blocks in the kernel.
 *
 * @param sockets what nginx listens on for the host
 */
record NginxCheck(Nginx nginx, RunningContainer container, List<Fd> sockets) {
    /**
     * Has nginx read a configuration.
     *
     * @param file as nginx sees it
     * @throws BrockerException.Invalid where it refuses what the user wrote
     * @throws BrockerException.Host where it refuses what we wrote, or does not run
     */
    void require(String file, Directives directives) {
        CommandPlan plan = nginx.plan(
                new Command(List.of(nginx.program().toString(), "-t", "-q", "-p", "/app", "-e", "stderr", "-c", file)),
                sockets);
        try (ExecSession session = nginx.runtime().exec(container, plan)) {
            session.stdin().close();
            String said = new String(new FdInputStream(session.stderr()).readAllBytes(), StandardCharsets.UTF_8);
            if (!session.exit().join().equals(new Exit.Code(0))) {
                throw directives
                        .refusal(said)
                        .orElseGet(() -> new BrockerException.Host(
                                "nginx-refused", "nginx refuses its configuration: " + said.strip(), ""));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
