/**
 * The words of the command line: which options and operands a verb takes, and what the user gave. Imports nothing of the client.
 */
@NullMarked
package brocker.client.line;

import org.jspecify.annotations.NullMarked;
