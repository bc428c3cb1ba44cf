/**
 * The files of containers on the host: directories, artifacts, removal in the background; see unlinkat(2). Imports {@code fault} and
 * what is below.
 */
@NullMarked
package brocker.daemon.file;

import org.jspecify.annotations.NullMarked;
