package brocker.runtime.rootfs;

import static brocker.kernel.Linux.MS_BIND;
import static brocker.kernel.Linux.MS_NODEV;
import static brocker.kernel.Linux.MS_NOSUID;
import static brocker.kernel.Linux.MS_RDONLY;
import static brocker.kernel.Linux.MS_REC;

import brocker.kernel.Directory;
import brocker.kernel.FileName;
import brocker.spec.BrockerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A directory of the host as a container's root, under an overlay that keeps what the container changes for itself; see the kernel's
 * {@code overlayfs} documentation. This process writes neither into the directory nor into what the container has changed: places to
 * mount on come from a {@link Skeleton}, a layer between the two.
 *
 * @param directory the lowest layer, which may be shared
 * @param changes belongs to the container alone, and only root gets there: the upper layer and overlayfs's own workplace lie in it
 */
public record OwnTree(Path directory, Path changes) {
    /** Where the overlay lies in the composed root, for PID 1 to enter. */
    public static final String PLACE = "/tree";

    private static final String LOWER = "/lower";
    private static final String SKELETON = "/skeleton";
    private static final String UPPER = "upper";
    private static final String WORK = "work";

    /** What of the composed root appears in the tree as well. */
    private static final List<String> SHARED = List.of("/dev", "/run", "/sys", "/tmp");

    /**
     * Makes the layers and the places to mount them.
     *
     * @param root the composed root
     * @param sources where the tree is looked up
     * @param owner what root inside is outside
     * @return the skeleton, which has the directories that every tree has
     * @throws BrockerException.CannotStart when there is no such directory
     */
    Skeleton prepare(Path root, Sources sources, int owner) throws IOException {
        if (!sources.bind(directory.toString(), Sources.TREE).orElse(false)) {
            throw new BrockerException.CannotStart(
                    "missing-rootfs",
                    "there is no directory \"" + directory + "\" to be the root",
                    "\"rootfs\" names a directory of the host, with the programs and libraries that the command needs");
        }
        for (String place : List.of(PLACE, LOWER, SKELETON)) {
            Files.createDirectory(root.resolve(place.substring(1)));
        }
        try (Directory layers = Directory.open(changes)) {
            layers.make(FileName.of(WORK), 0700);
            // Once it is there, it is the container's to change.
            if (layers.make(FileName.of(UPPER), 0755)) {
                try (Directory upper = layers.open(FileName.of(UPPER))) {
                    upper.own(owner, owner);
                }
            }
        }
        Skeleton skeleton = new Skeleton(root.resolve(SKELETON.substring(1)), sources.path(Sources.TREE), owner);
        for (String name : List.of("app", "dev", "etc", "proc", "run", "sys", "tmp")) {
            skeleton.place("/" + name, true);
        }
        return skeleton;
    }

    /** What makes the tree, in order; {@code /proc} and the user's mounts come after. */
    List<LateMount> mounts(Path root, Sources sources, boolean mapped) {
        List<LateMount> mounts = new ArrayList<>();
        long flags = MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV;
        mounts.add(new LateMount(sources.path(Sources.TREE).toString(), LOWER, mapped ? "mapped" : "", flags, ""));
        // The skeleton is new with every start, so nothing may be kept of it that only this one has.
        String layers = "index=off,metacopy=off,lowerdir=" + root + SKELETON + ":" + root + LOWER + ",upperdir="
                + changes.resolve(UPPER) + ",workdir=" + changes.resolve(WORK);
        mounts.add(new LateMount("overlay", PLACE, "overlay", MS_NOSUID | MS_NODEV, layers));
        for (String shared : SHARED) {
            mounts.add(new LateMount(root + shared, PLACE + shared, "", MS_BIND | MS_REC, ""));
        }
        return mounts;
    }
}
