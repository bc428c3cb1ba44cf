/**
 * What {@code brocker-run} is told and what it answers: orders, status, exit record, users. The protocol is
 * {@code brocker-run/PROTOCOL.md}. May import {@code brocker.kernel} and {@code brocker.spec}.
 */
@NullMarked
package brocker.runtime.process;

import org.jspecify.annotations.NullMarked;
