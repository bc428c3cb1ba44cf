package brocker.daemon.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brocker.spec.ContainerName;
import brocker.spec.Signal;
import brocker.spec.wire.ContainerState;
import brocker.spec.wire.ContainerView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A container whose stop was answered does not come back. */
@Timeout(60)
final class StopTest {
    /** Longer than the first pause before a container is started again. */
    private static final Duration RESTART_WOULD_HAVE_COME = Duration.ofMillis(1500);

    private final Brocker brocker;

    StopTest(@TempDir Path directory) {
        this.brocker = new Brocker(directory);
    }

    @BeforeEach
    void addService() {
        brocker.add("{\"name\": \"shop\"}");
    }

    @AfterEach
    void close() {
        brocker.close();
    }

    private ContainerName run() {
        return brocker.run("{\"service-name\": \"shop\", \"command\": \"/bin/work\", \"restart\": \"always\"}");
    }

    private void assertStaysStopped(ContainerName name) throws InterruptedException {
        int starts = brocker.host().starts(name);
        Thread.sleep(RESTART_WOULD_HAVE_COME);
        assertThat(brocker.view(name).state()).isEqualTo(ContainerState.EXITED);
        assertThat(brocker.host().starts(name)).isEqualTo(starts);
        brocker.restart();
        Thread.sleep(RESTART_WOULD_HAVE_COME);
        assertThat(brocker.view(name).state()).isEqualTo(ContainerState.EXITED);
    }

    @Test
    void runningContainerIsStopped() throws Exception {
        ContainerName name = run();
        assertThat(brocker.stop(name).state()).isEqualTo(ContainerState.EXITED);
        assertStaysStopped(name);
    }

    @Test
    void containerThatIsToBeStartedAgainIsStopped() throws Exception {
        ContainerName name = run();
        brocker.host().container(name).end(1);
        Brocker.await("it rests", () -> brocker.view(name).state() == ContainerState.RESTARTING);
        assertThat(brocker.stop(name).state()).isEqualTo(ContainerState.EXITED);
        assertStaysStopped(name);
    }

    /** The stop is asked for while the end of the container is being dealt with. */
    @Test
    void containerThatEndsMeanwhileIsStopped() throws Exception {
        ContainerName name = run();
        Gate ending = new Gate();
        brocker.host().beforeRelease(ending::pass);
        brocker.host().container(name).end(1);
        ending.awaitArrival();
        FutureTask<ContainerView> stop = begin(() -> brocker.stop(name));
        ending.open();
        assertThat(stop.get().state()).isEqualTo(ContainerState.EXITED);
        assertStaysStopped(name);
    }

    @Test
    void containerThatIsStartedMeanwhileIsStopped() throws Exception {
        ContainerName name = run();
        Gate starting = new Gate();
        brocker.host().beforeStart(starting::pass);
        brocker.host().container(name).end(1);
        starting.awaitArrival();
        FutureTask<ContainerView> stop = begin(() -> brocker.stop(name));
        starting.open();
        assertThat(stop.get().state()).isEqualTo(ContainerState.EXITED);
        assertStaysStopped(name);
    }

    @Test
    void signalThatEndsAContainerStopsItToo() throws Exception {
        ContainerName name = run();
        brocker.daemon().kill(name.value(), Signal.SIGTERM);
        Brocker.await("it has ended", () -> brocker.view(name).state() == ContainerState.EXITED);
        assertStaysStopped(name);
    }

    /** The removal is asked for while the container is being started again. */
    @Test
    void containerThatIsStartedMeanwhileIsNotForgotten() throws Exception {
        ContainerName name = run();
        Gate starting = new Gate();
        brocker.host().beforeStart(starting::pass);
        brocker.host().container(name).end(1);
        starting.awaitArrival();
        FutureTask<Boolean> removal = begin(() -> {
            brocker.daemon().remove(name.value());
            return true;
        });
        starting.open();
        assertThatThrownBy(removal::get).rootCause().hasMessageContaining("is running");
        assertThat(brocker.view(name).state()).isEqualTo(ContainerState.RUNNING);
    }

    /** Begins something that waits for its turn. */
    private static <T> FutureTask<T> begin(Callable<T> work) throws InterruptedException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread asking = Thread.ofVirtual().start(task);
        Brocker.await("it waits", () -> asking.getState() == Thread.State.WAITING);
        return task;
    }
}
