/**
 * The sockets of the REST interface: a Unix socket for local users and a TCP one, who may connect to them, how many clients at once
 * and for how long. Accepts and bounds connections, and hands the HTTP on them to Helidon by its service provider interface; knows
 * nothing of routes. Rules: unix(7), sd_listen_fds(3), RFC 9112. Decision 0021.
 */
@NullMarked
package brocker.daemon.connection;

import org.jspecify.annotations.NullMarked;
