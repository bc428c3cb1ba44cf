/**
 * What people read: streams that notice a reader who left, tables, ages, and text that cannot drive a terminal. Imports nothing
 * of the client.
 */
@NullMarked
package brocker.client.text;

import org.jspecify.annotations.NullMarked;
