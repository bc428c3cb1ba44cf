/**
 * HTTP/1.1 as the client needs it (RFC 9112): one request on one connection, bodies of every framing, streamed both ways. It is here
 * because a command lives for 50 ms, of which {@code HttpURLConnection} takes 10 ({@code docs/decisions/0005}). Imports nothing of the
 * client.
 */
@NullMarked
package brocker.client.http;

import org.jspecify.annotations.NullMarked;
