package brocker.kernel;

/** libnftables or the kernel refused commands, and nothing of them was done. The message is libnftables' own. */
public final class NftablesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NftablesException(String message) {
        super(message);
    }
}
