/**
 * What the user may ask for, one class per verb. May import {@code line}, {@code text} and {@code daemon}.
 */
@NullMarked
package brocker.client.verb;

import org.jspecify.annotations.NullMarked;
