package brocker.runtime.rootfs;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A path of the host in two parts: as far as only the host's administrator can change it, with its symbolic links followed as
 * path_resolution(7) says, and what of it lies below a directory that containers can write, where links are anybody's.
 *
 * @param reached without any link
 * @param rest relative to it, as it was written or as a link said; empty where all of the path is the administrator's
 */
record TrustedPath(Path reached, String rest) {
    /** As the kernel's, see path_resolution(7). */
    private static final int MOST_LINKS = 40;

    private static final Path ROOT = Path.of("/");
    private static final Path PARENT = Path.of("..");

    /**
     * Parts a path, which need not exist.
     *
     * @param path absolute
     * @param writable directories in which containers can make what they like, named by any path
     * @throws FileSystemLoopException when there are more links than the kernel follows
     */
    static TrustedPath of(Path path, List<Path> writable) throws IOException {
        Set<Path> grounds = new HashSet<>();
        for (Path directory : writable) {
            try {
                grounds.add(resolve(directory, Set.of()).reached);
            } catch (FileSystemLoopException _) {
                // It leads nowhere, so no container has it.
            }
        }
        return resolve(path, grounds);
    }

    private static TrustedPath resolve(Path path, Set<Path> grounds) throws IOException {
        Deque<Path> rest = new ArrayDeque<>();
        path.forEach(rest::add);
        Path reached = ROOT;
        int links = 0;
        while (!rest.isEmpty() && (!grounds.contains(reached) || rest.element().equals(PARENT))) {
            Path next = reached.resolve(rest.pop()).normalize();
            if (!Files.isSymbolicLink(next)) {
                reached = next;
                continue;
            }
            if (++links > MOST_LINKS) {
                throw new FileSystemLoopException(path.toString());
            }
            Path target = Files.readSymbolicLink(next);
            if (target.isAbsolute()) {
                reached = ROOT;
            }
            for (int i = target.getNameCount() - 1; i >= 0; i--) {
                rest.push(target.getName(i));
            }
        }
        return new TrustedPath(
                reached, rest.stream().reduce(Path.of(""), Path::resolve).toString());
    }
}
