package brocker.daemon.scenario;

import brocker.kernel.Exit;
import brocker.kernel.Fd;
import brocker.kernel.Linux;
import brocker.kernel.ProcessIdentity;
import brocker.runtime.Container;
import brocker.spec.Signal;
import java.util.concurrent.CompletableFuture;

/** A container without processes. It ends when it is signalled or told to; the signal decides how. */
final class FakeContainer implements Container {
    private final FakeHost host;
    private final String name;
    private final ProcessIdentity init;
    private final CompletableFuture<Exit> exit = new CompletableFuture<>();

    FakeContainer(FakeHost host, String name, int pid) {
        this.host = host;
        this.name = name;
        this.init = new ProcessIdentity(pid, pid);
    }

    @Override
    public ProcessIdentity init() {
        return init;
    }

    @Override
    public CompletableFuture<Exit> exit() {
        return exit;
    }

    @Override
    public boolean signal(Signal signal) {
        if (exit.isDone()) {
            return false;
        }
        end(signal == Signal.SIGKILL ? 128 + signal.number() : 0);
        return true;
    }

    @Override
    public Fd socket(int index) {
        return Linux.open("/dev/null", Linux.O_RDONLY, 0);
    }

    /** Its command ends with this code. */
    void end(int code) {
        host.ended(name, this, code);
        exit.complete(new Exit.Code(0));
    }

    boolean alive() {
        return !exit.isDone();
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
