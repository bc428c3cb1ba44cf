/**
 * Strict JSON for the files that users write and for the wire: kebab-case keys, no unknown key, no silent conversion, and errors
 * that name source, line, key and the nearest valid key. May import {@code brocker.spec}.
 */
@NullMarked
package brocker.spec.json;

import org.jspecify.annotations.NullMarked;
