/**
 * What is stored of services and containers, and what is read back; pure. Imports no other package of the daemon.
 */
@NullMarked
package brocker.daemon.record;

import org.jspecify.annotations.NullMarked;
