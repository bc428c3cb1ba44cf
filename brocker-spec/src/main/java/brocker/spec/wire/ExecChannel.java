package brocker.spec.wire;

import brocker.spec.BrockerException;

/**
 * The channels of an exec session. After the {@link ExecRequest} every message is binary: one byte that names the channel, then the
 * payload.
 */
public enum ExecChannel {
    /** To the command; an empty payload is the end of its input. */
    STDIN(0),
    STDOUT(1),
    STDERR(2),
    /** From the daemon, once and last: an {@link ExecResult} as JSON. */
    RESULT(3);

    private final byte number;

    ExecChannel(int number) {
        this.number = (byte) number;
    }

    public byte number() {
        return number;
    }

    /** The message that carries the payload on this channel. */
    public byte[] message(byte[] payload, int length) {
        byte[] message = new byte[length + 1];
        message[0] = number();
        System.arraycopy(payload, 0, message, 1, length);
        return message;
    }

    /**
     * The channel with a number.
     *
     * @throws BrockerException.Invalid when there is none
     */
    public static ExecChannel of(byte number) {
        for (ExecChannel channel : values()) {
            if (channel.number == number) {
                return channel;
            }
        }
        throw new BrockerException.Invalid("invalid-channel", "\"" + number + "\" is not a channel of exec", "");
    }
}
