package brocker.conformance.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** WebSockets, see RFC 6455: {@code count} short texts, each of which comes back, then the closing handshake. */
public record Echoes(String kind, String path, int count, Duration between, Duration rest) implements Visitor {
    private static final int FINAL_TEXT = 0x81;
    private static final int FINAL_CLOSE = 0x88;
    private static final int MASKED = 0x80;
    private static final String UPGRADE = """
            Connection: Upgrade
            Upgrade: websocket
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            """.replace("\n", "\r\n");

    /** Of the key above, by the example of the RFC's section 1.3. */
    private static final String ACCEPTED = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public Optional<HttpConnection> visit(int port, Optional<HttpConnection> kept) throws IOException {
        try (HttpConnection connection = new HttpConnection(port)) {
            HttpConnection.Answer answer = connection.exchange("GET", path, UPGRADE, new byte[0]);
            if (answer.status() != 101 || !ACCEPTED.equals(answer.headers().get("sec-websocket-accept"))) {
                throw new IOException("no WebSocket: " + answer.status());
            }
            for (int i = 0; i < count; i++) {
                byte[] text = ("echo " + i).getBytes(StandardCharsets.UTF_8);
                write(connection, FINAL_TEXT, text);
                expect(connection, FINAL_TEXT, text);
                pause();
            }
            byte[] normal = {0x03, (byte) 0xe8};
            write(connection, FINAL_CLOSE, normal);
            expect(connection, FINAL_CLOSE, normal);
        }
        return Optional.empty();
    }

    private void pause() throws IOException {
        try {
            Thread.sleep(between);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    /** A client's frames are masked; a mask of zeros changes nothing. */
    private static void write(HttpConnection connection, int type, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(type);
        frame.write(MASKED | payload.length);
        frame.writeBytes(new byte[4]);
        frame.writeBytes(payload);
        connection.socket().getOutputStream().write(frame.toByteArray());
    }

    private static void expect(HttpConnection connection, int type, byte[] payload) throws IOException {
        byte[] head = connection.whole(2);
        byte[] got = connection.whole(head[1]);
        if ((head[0] & 0xff) != type || !java.util.Arrays.equals(got, payload)) {
            throw new IOException("a frame " + Integer.toHexString(head[0] & 0xff) + " \""
                    + new String(got, StandardCharsets.UTF_8) + "\" instead of an echo");
        }
    }
}
