/**
 * The REST interface of {@code docs/api.md} over HTTP: routes, the token, problems, exec over plain requests. May import
 * {@code orchestrator}, {@code log} and {@code connection}. Requests run on virtual threads.
 */
@NullMarked
package brocker.daemon.api;

import org.jspecify.annotations.NullMarked;
