package brocker.client.verb;

import brocker.spec.Signal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Consumer;

/**
 * The signals that would end this program, given to somebody else. {@code sun.misc.Signal} of {@code jdk.unsupported} is the only way to
 * them that the JDK has, and javac warns of its name wherever it is written, so it is found by that name.
 */
final class Signals {
    private static final List<Signal> TAKEN = List.of(Signal.SIGINT, Signal.SIGTERM, Signal.SIGHUP);

    private Signals() {}

    /** From now on each that comes is given on, by a thread of its own, and ends nothing. */
    static void giveTo(Consumer<Signal> receiver) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            for (Signal signal : TAKEN) {
                Object taking =
                        Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, (_, _, _) -> {
                            receiver.accept(signal);
                            return receiver;
                        });
                Object named = type.getConstructor(String.class)
                        .newInstance(signal.name().substring("SIG".length()));
                type.getMethod("handle", type, handler).invoke(type, named, taking);
            }
        } catch (InvocationTargetException e) {
            // One that the JVM was told to leave alone (-Xrs) has its usual effect.
            return;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a JDK without jdk.unsupported", e);
        }
    }
}
