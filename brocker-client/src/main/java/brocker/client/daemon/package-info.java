/**
 * The daemon as the client sees it: its address, the token, requests, uploads and exec sessions. May import {@code http}, {@code line}
 * and {@code text}. The routes are described in {@code docs/api.md}.
 */
@NullMarked
package brocker.client.daemon;

import org.jspecify.annotations.NullMarked;
