package brocker.kernel;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Does short work in namespaces of others, again and again, on one platform thread, which is back in its own before anybody is told of the
 * result: whoever it wakes may be a virtual thread, for which the runtime may start a carrier, and a thread is born in the namespaces of
 * the one that starts it. What takes longer has {@link InNamespaces}. Thread-safe.
 */
public final class NamespaceVisitor implements AutoCloseable {
    private final int type;
    private final Fd home;
    private final ExecutorService thread;

    private NamespaceVisitor(String threadName, int type, Fd home) {
        this.type = type;
        this.home = home;
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(threadName).daemon().factory());
    }

    /** One for network namespaces, at home in that of the calling thread. */
    public static NamespaceVisitor ofNetworks(String threadName) {
        Fd home = Linux.open("/proc/thread-self/ns/net", Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
        return new NamespaceVisitor(threadName, Linux.CLONE_NEWNET, home);
    }

    /**
     * Runs {@code body} in a namespace and waits for it; throws and treats an interrupt like {@link InNamespaces#call}. setns(2).
     *
     * @param namespace the caller's
     */
    public <T> T call(Fd namespace, Callable<T> body) {
        Future<T> future = thread.submit(() -> visit(namespace, body));
        return InNamespaces.await(future::get);
    }

    private <T> T visit(Fd namespace, Callable<T> body) throws Exception {
        Linux.setns(namespace, type);
        try {
            return body.call();
        } finally {
            goHome();
        }
    }

    /** A thread that cannot is of no use any more. */
    private void goHome() {
        try {
            Linux.setns(home, type);
        } catch (KernelException e) {
            thread.shutdown();
            throw e;
        }
    }

    /** What was begun is finished. */
    @Override
    public void close() {
        thread.close();
        home.close();
    }
}
