package brocker.runtime.rootfs;

import brocker.kernel.Directory;
import brocker.kernel.Errno;
import brocker.kernel.Fd;
import brocker.kernel.FileStatus;
import brocker.kernel.KernelException;
import brocker.kernel.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The places on which something is mounted in a container's own tree, as a layer above the tree and below what the container changes.
 * A directory looks as the tree's own does, where it has one; a link of the tree's in its place is covered, and leads nowhere.
 *
 * @param layer an empty directory, in the composed root
 * @param tree the layer below
 * @param owner what root inside is outside; not 0, where the tree's files are mapped to the container's ids
 */
record Skeleton(Path layer, Path tree, int owner) {
    private static final int USUAL = 0755;

    /** Ids above these are nobody inside. */
    private static final int MAPPED_IDS = 1 << 16;

    /** Makes a place, with the directories above it, where it is not there yet. */
    void place(String target, boolean isDirectory) throws IOException {
        Path relative = Path.of("/").relativize(Path.of(target).normalize());
        for (int i = 1; i <= relative.getNameCount(); i++) {
            Path step = relative.subpath(0, i);
            Path made = layer.resolve(step);
            if (Files.exists(made)) {
                continue;
            }
            if (isDirectory || i < relative.getNameCount()) {
                Files.createDirectory(made);
                dress(made, step);
            } else {
                Files.createFile(made);
            }
        }
    }

    private void dress(Path made, Path step) {
        try (Directory place = Directory.open(made)) {
            place.own(owner, owner);
            place.permit(USUAL);
            try (Directory below = Directory.open(tree);
                    Fd same = Linux.openat2(
                            below.descriptor(),
                            step.toString(),
                            Linux.O_PATH | Linux.O_DIRECTORY,
                            Linux.RESOLVE_BENEATH | Linux.RESOLVE_NO_SYMLINKS)) {
                FileStatus status = Linux.status(same);
                place.own(outside(status.uid()), outside(status.gid()));
                place.permit(status.mode() & 07777);
            } catch (KernelException e) {
                if (!e.errno().equals(Errno.ENOENT)
                        && !e.errno().equals(Errno.ENOTDIR)
                        && !e.errno().equals(Errno.ELOOP)) {
                    throw e;
                }
                // The tree has no directory there.
            }
        }
    }

    /** What an id of the tree's files is on the host; nobody's is root's inside. */
    private int outside(int id) {
        if (owner == 0) {
            return id;
        }
        return id >= 0 && id < MAPPED_IDS ? owner + id : owner;
    }
}
