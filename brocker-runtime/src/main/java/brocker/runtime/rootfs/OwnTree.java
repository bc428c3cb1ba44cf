package brocker.runtime.rootfs;

import static brocker.kernel.Linux.MS_BIND;
import static brocker.kernel.Linux.MS_NODEV;
import static brocker.kernel.Linux.MS_NOSUID;
import static brocker.kernel.Linux.MS_RDONLY;
import static brocker.kernel.Linux.MS_REC;

import brocker.spec.BrockerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A directory of the host as a container's root, under an overlay that keeps what the container changes for itself; see the kernel's
 * {@code overlayfs} documentation. Whatever lies in the directory is never followed or written by this process.
 *
 * @param directory the lower layer, which may be shared
 * @param changes belongs to the container alone: the upper layer and overlayfs's own workplace are made in it
 */
public record OwnTree(Path directory, Path changes) {
    /** Where the overlay lies in the composed root, for PID 1 to enter. */
    public static final String PLACE = "/tree";

    private static final String LOWER = "/lower";

    /** What of the composed root appears in the tree as well. */
    private static final List<String> SHARED = List.of("/dev", "/run", "/sys", "/tmp");

    /** The upper layer. */
    Path upper() {
        return changes.resolve("upper");
    }

    /**
     * Makes the layers and the places to mount them.
     *
     * @param root the composed root
     * @throws BrockerException.CannotStart when there is no such directory
     */
    void prepare(Path root) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new BrockerException.CannotStart(
                    "missing-rootfs",
                    "there is no directory \"" + directory + "\" to be the root",
                    "\"rootfs\" names a directory of the host, with the programs and libraries that the command needs");
        }
        for (String place : List.of(PLACE, LOWER)) {
            Files.createDirectory(root.resolve(place.substring(1)));
        }
        Files.createDirectories(changes.resolve("work"));
        for (String name : List.of("app", "dev", "etc", "proc", "run", "sys", "tmp")) {
            Files.createDirectories(upper().resolve(name));
        }
    }

    /** What makes the tree, in order; {@code /proc} and the user's mounts come after. */
    List<LateMount> mounts(Path root, boolean mapped) {
        List<LateMount> mounts = new ArrayList<>();
        long flags = MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV;
        mounts.add(new LateMount(directory.toString(), LOWER, mapped ? "mapped" : "", flags, ""));
        String layers = "lowerdir=" + root + LOWER + ",upperdir=" + upper() + ",workdir=" + changes.resolve("work");
        mounts.add(new LateMount("overlay", PLACE, "overlay", MS_NOSUID | MS_NODEV, layers));
        for (String shared : SHARED) {
            mounts.add(new LateMount(root + shared, PLACE + shared, "", MS_BIND | MS_REC, ""));
        }
        return mounts;
    }
}
