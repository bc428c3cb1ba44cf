/**
 * The files of containers on the host: directories, artifacts, and removal in the background; see unlinkat(2). Imports {@code fault}
 * and the packages below it.
 */
@NullMarked
package brocker.daemon.file;

import org.jspecify.annotations.NullMarked;
