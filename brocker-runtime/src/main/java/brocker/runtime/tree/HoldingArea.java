package brocker.runtime.tree;

import brocker.kernel.Directory;
import brocker.kernel.Errno;
import brocker.kernel.FileName;
import brocker.kernel.KernelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A directory, open to root alone, to which directories are moved that are to be removed: {@code .removing} beside them, so that the
 * move is one renameat2(2) on one file system. It exists while there is something in it. What a killed daemon left in it is what still
 * has to be removed, so nothing else keeps account of it. Thread-safe.
 */
public final class HoldingArea {
    private static final FileName PLACE = FileName.of(".removing");
    private static final int ROOT_ONLY = 0700;

    private final Path parent;

    /** @param parent where nobody but root can make anything */
    public HoldingArea(Path parent) {
        this.parent = parent;
    }

    /** Where it is. */
    public Path path() {
        return parent.resolve(PLACE.toString());
    }

    /**
     * Moves a directory here, however large it is. One that is not there is no error. Where it cannot be moved a mark is left here
     * instead, and {@link #remove} tries again.
     *
     * @param from where it is, on the same file system; nobody but root can make anything there
     * @param entry the name that it has here
     * @return why it was not moved
     */
    public synchronized Optional<String> take(Path from, String name, String entry) {
        try (Directory source = Directory.open(from);
                Directory place = place()) {
            return take(source, FileName.of(name), place, FileName.of(entry));
        } catch (KernelException e) {
            return e.errno().equals(Errno.ENOENT) ? Optional.empty() : Optional.of(reason(e));
        }
    }

    /** What is here, or marked here. Removes the area itself if it is empty, as a daemon that was killed before it could do so leaves it. */
    public synchronized List<String> entries() {
        List<String> entries = new ArrayList<>();
        try (Directory above = Directory.open(parent);
                Directory place = above.open(PLACE)) {
            for (var batch = place.next(); !batch.isEmpty(); batch = place.next()) {
                batch.forEach(entry -> entries.add(entry.name().toString()));
            }
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.ENOENT)) {
                throw e;
            }
        }
        if (entries.isEmpty()) {
            tidy();
        }
        return entries;
    }

    /**
     * Makes an attempt to remove an entry, on this thread.
     *
     * @param from where it is, with its name, if it could not be moved before
     * @param longest how long the attempt may take
     */
    public Removal remove(String entry, Path from, String name, Duration longest) {
        Optional<String> refused = take(from, name, entry);
        Removal removal;
        try (Directory above = Directory.open(parent);
                Directory place = above.open(PLACE)) {
            removal = TreeRemover.remove(place, FileName.of(entry), longest);
        } catch (KernelException e) {
            removal = e.errno().equals(Errno.ENOENT) ? new Removal.Gone() : new Removal.Stuck(reason(e));
        }
        if (refused.isPresent() && removal instanceof Removal.Gone) {
            // The mark has gone, or what was in the way: once more, or marked again.
            removal = take(from, name, entry).<Removal>map(Removal.Stuck::new).orElseGet(Removal.Unfinished::new);
        }
        tidy();
        return removal;
    }

    /** Removes the area itself where nothing is in it. */
    private synchronized void tidy() {
        try (Directory above = Directory.open(parent)) {
            var _ = above.removeDirectory(PLACE);
        } catch (KernelException _) {
            // It is found again with the next removal.
        }
    }

    private Directory place() {
        try (Directory above = Directory.open(parent)) {
            return above.openOrMake(PLACE, ROOT_ONLY);
        }
    }

    private static String reason(KernelException e) {
        return e.call() + ": " + e.errno().text();
    }

    private static Optional<String> take(Directory from, FileName name, Directory place, FileName entry) {
        Optional<Errno> refused = from.move(name, place, entry);
        if (refused.isEmpty() || refused.get().equals(Errno.ENOENT)) {
            return Optional.empty();
        }
        place.make(entry, ROOT_ONLY);
        return Optional.of(TreeRemover.reason(name, refused.get()));
    }
}
