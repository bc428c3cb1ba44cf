/**
 * The black-box suite: drives the programs of the built distribution as a user would, and looks from outside and from inside the
 * containers. Imports nothing of Brocker; the rules that it holds against are {@code docs/} and the manual pages named where they are
 * used. Everything here needs root and a network namespace without an uplink.
 */
@NullMarked
package brocker.conformance;

import org.jspecify.annotations.NullMarked;
