package brocker.kernel;

/** Both ends of a pipe(7), owned by whoever holds the record. */
public record Pipe(Fd read, Fd write) implements AutoCloseable {
    /** Closes both ends; an end that was closed before is left alone. */
    @Override
    public void close() {
        read.close();
        write.close();
    }
}
