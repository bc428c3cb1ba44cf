package brocker.runtime.tree;

import brocker.kernel.Directory;
import brocker.kernel.Errno;
import brocker.kernel.FileName;
import brocker.kernel.KernelException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One attempt to remove a directory with everything in it, while hostile programs may still hold descriptors into it.
 *
 * <p>Every call names one entry of an open directory, so whatever is exchanged meanwhile, nothing is followed and nothing outside is
 * touched. A directory that is not empty is moved up into the top one and emptied there: two levels are open at most, however deep the
 * tree is. A process that stands in a directory which was moved out of its bind mount cannot climb from there: the kernel answers
 * {@code ..} with ENOENT (path_connected() in its namei.c, Linux 4.3).
 */
final class TreeRemover {
    private static final Map<Errno, String> REASONS = Map.of(
            Errno.EBUSY, "a file system is mounted on it",
            Errno.EXDEV, "another file system or subvolume is there",
            Errno.EPERM, "the file system refuses it: is it immutable (chattr -i) or append-only (chattr -a)?",
            Errno.EROFS, "the file system is read-only");

    /** What was made or exchanged meanwhile, which the next round sees; or a directory whose content has a reason of its own. */
    private static final Set<Errno> PASSING =
            Set.of(Errno.ENOTEMPTY, Errno.ENOTDIR, Errno.EISDIR, Errno.ELOOP, Errno.ENOENT);

    private final Directory top;
    private final long end;
    private long done;
    private long moved;
    private Optional<String> refusal = Optional.empty();

    private TreeRemover(Directory top, long end) {
        this.top = top;
        this.end = end;
    }

    /**
     * Makes an attempt.
     *
     * @param parent a directory that root alone can change
     * @param longest how long it may take
     */
    static Removal remove(Directory parent, FileName name, Duration longest) {
        Optional<Errno> refused = parent.unlink(name);
        if (is(refused, Errno.EISDIR)) {
            refused = parent.removeDirectory(name);
        }
        if (refused.isEmpty()) {
            return new Removal.Gone();
        }
        if (!refused.get().equals(Errno.ENOTEMPTY)) {
            return new Removal.Stuck(reason(name, refused.get()));
        }
        Optional<String> refusal;
        try (Directory top = parent.open(name)) {
            TreeRemover remover = new TreeRemover(top, System.nanoTime() + longest.toNanos());
            remover.empty();
            refusal = remover.refusal;
        } catch (KernelException e) {
            refusal = Optional.of(reason(name, e.errno()));
        }
        if (parent.removeDirectory(name).isEmpty()) {
            return new Removal.Gone();
        }
        return refusal.<Removal>map(Removal.Stuck::new).orElseGet(Removal.Unfinished::new);
    }

    /** Goes over the top until it is empty, nothing more can be done, or the time is over. */
    private void empty() {
        long before;
        do {
            before = done;
            refusal = Optional.empty();
            clear(top, true);
        } while (done > before && !isOver());
    }

    /** Removes the entries of the top, or of a directory in it. */
    private void clear(Directory directory, boolean isTop) {
        directory.rewind();
        for (var batch = directory.next(); !batch.isEmpty() && !isOver(); batch = directory.next()) {
            for (Directory.Entry entry : batch) {
                if (isOver()) {
                    return;
                }
                remove(directory, entry, isTop);
            }
        }
    }

    private void remove(Directory directory, Directory.Entry entry, boolean isTop) {
        FileName name = entry.name();
        Optional<Errno> refused = entry.directory() ? directory.removeDirectory(name) : directory.unlink(name);
        // Not every file system tells the type in its listing, and the entry may have been exchanged since.
        if (is(refused, Errno.EISDIR)) {
            refused = directory.removeDirectory(name);
        } else if (is(refused, Errno.ENOTDIR)) {
            refused = directory.unlink(name);
        }
        if (is(refused, Errno.ENOTEMPTY)) {
            refused = isTop ? clearBelow(name) : moveUp(directory, name);
        }
        refused.ifPresentOrElse(errno -> refuse(name, errno), () -> done++);
    }

    private static boolean is(Optional<Errno> refused, Errno errno) {
        return refused.equals(Optional.of(errno));
    }

    private Optional<Errno> clearBelow(FileName name) {
        try (Directory below = top.open(name)) {
            clear(below, false);
        } catch (KernelException e) {
            return Optional.of(e.errno());
        }
        return top.removeDirectory(name);
    }

    /** Under a name that is free, or where it is not, one of a directory that is to go as well. */
    private Optional<Errno> moveUp(Directory from, FileName name) {
        return from.move(name, top, FileName.of(".removing-" + Long.toString(end + moved++, Character.MAX_RADIX)));
    }

    private void refuse(FileName name, Errno errno) {
        if (refusal.isEmpty() && !PASSING.contains(errno)) {
            refusal = Optional.of(reason(name, errno));
        }
    }

    private boolean isOver() {
        return System.nanoTime() - end >= 0;
    }

    static String reason(FileName name, Errno errno) {
        return "\"" + name + "\": " + REASONS.getOrDefault(errno, errno.text());
    }
}
