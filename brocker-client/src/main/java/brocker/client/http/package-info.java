/**
 * HTTP/1.1 as the client needs it (RFC 9112): one request on one connection, bodies of every framing, streamed both ways. It is here
 * because the JDK's clients take a good part of the 40 ms that a command lives ({@code docs/decisions/0005}). Imports nothing of the
 * client.
 */
@NullMarked
package brocker.client.http;

import org.jspecify.annotations.NullMarked;
