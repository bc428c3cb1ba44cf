/**
 * What users write and what every part of Brocker talks about: containers, services, addresses, sizes, failures.
 *
 * <p>Values check themselves when they are made and throw {@link brocker.spec.BrockerException}. Imports nothing of Brocker.
 */
@NullMarked
package brocker.spec;

import org.jspecify.annotations.NullMarked;
