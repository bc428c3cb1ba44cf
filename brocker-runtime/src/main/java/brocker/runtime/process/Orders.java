package brocker.runtime.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What {@code brocker-run} is told to do; the verbs are those of its protocol. Belongs to one thread. */
public final class Orders {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);

    /** Adds a verb with its arguments. */
    public Orders add(String verb, Object... arguments) {
        append(verb);
        for (Object argument : arguments) {
            append(argument.toString());
        }
        return this;
    }

    /** Adds the same verb once for every argument. */
    public Orders each(String verb, Iterable<?> arguments) {
        arguments.forEach(argument -> add(verb, argument));
        return this;
    }

    public byte[] bytes() {
        return bytes.toByteArray();
    }

    private void append(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL character in an order");
        }
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        bytes.write(0);
    }
}
