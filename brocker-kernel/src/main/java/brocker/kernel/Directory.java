package brocker.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An open directory. Everything below it is named by its descriptor and one name, so nothing that a hostile program exchanges
 * meanwhile redirects a call: no symbolic link is followed, no mount crossed. The calls block in the kernel. For one thread at a time.
 */
public final class Directory implements AutoCloseable {
    private static final long BELOW = Linux.RESOLVE_BENEATH | Linux.RESOLVE_NO_SYMLINKS | Linux.RESOLVE_NO_XDEV;
    private static final int BATCH = 64 << 10;
    private static final int ATTEMPTS = 32;

    /** What openat2(2) says of a path that leads to no file. */
    private static final Set<Errno> UNREACHABLE =
            Set.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.ENAMETOOLONG, Errno.EACCES);

    private final Fd fd;

    private Directory(Fd fd) {
        this.fd = fd;
    }

    /** Opens a directory by a path that only root can change; links in it are followed. */
    public static Directory open(Path path) {
        return new Directory(Linux.open(path.toString(), Linux.O_RDONLY | Linux.O_DIRECTORY, 0));
    }

    /**
     * Opens a directory in this one.
     *
     * @throws KernelException with ENOENT; with ENOTDIR or ELOOP where it is something else; with EXDEV where a file system is mounted on it
     */
    public Directory open(FileName name) {
        return new Directory(openat2(name, Linux.O_RDONLY | Linux.O_DIRECTORY, 0, BELOW));
    }

    /**
     * Makes a regular file that was not there, and opens it for writing. The umask does not count.
     *
     * @throws KernelException with EEXIST where there is anything of this name, be it a link that leads nowhere
     */
    public Fd create(FileName name, int mode) {
        Fd file = openat2(name, Linux.O_WRONLY | Linux.O_CREAT | Linux.O_EXCL, mode, BELOW);
        try {
            Linux.fchmod(file, mode);
            return file;
        } catch (KernelException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Finds a regular file by a path below this directory, as {@code chroot(2)} would have it: links lead nowhere else. The descriptor is one
     * of O_PATH, for {@link RegularFile#channel}.
     *
     * @return nothing where there is no such file, or something other than a regular one
     */
    public Optional<Fd> findRegularFile(String path) {
        Fd file;
        try {
            file = Linux.openat2(fd, path, Linux.O_PATH, Linux.RESOLVE_IN_ROOT);
        } catch (KernelException e) {
            if (UNREACHABLE.contains(e.errno())) {
                return Optional.empty();
            }
            throw e;
        }
        try {
            if (Linux.status(file).isRegularFile()) {
                return Optional.of(file);
            }
        } catch (KernelException e) {
            file.close();
            throw e;
        }
        file.close();
        return Optional.empty();
    }

    /**
     * Makes a directory, where there is nothing of this name. The umask does not count.
     *
     * @return whether it was made; not, where there is a directory already
     * @throws KernelException with ENOTDIR, ELOOP or EXDEV where there is something else
     */
    public boolean make(FileName name, int mode) {
        boolean made = mkdirat(name, mode);
        opened(name, mode, made).close();
        return made;
    }

    /** Opens a directory, which {@link #make} makes where there is nothing of this name. */
    public Directory openOrMake(FileName name, int mode) {
        return opened(name, mode, mkdirat(name, mode));
    }

    /** Its descriptor, which stays this object's. */
    public Fd descriptor() {
        return fd;
    }

    /** Removes an entry that is no directory; unlinkat(2). Gives why not; nothing where it is gone, or was not there. */
    public Optional<Errno> unlink(FileName name) {
        return unlinkat(name, 0);
    }

    /** Removes an empty directory; unlinkat(2) with AT_REMOVEDIR. Gives why not; nothing where it is gone, or was not there. */
    public Optional<Errno> removeDirectory(FileName name) {
        return unlinkat(name, LibCFile.AT_REMOVEDIR);
    }

    /**
     * Moves an entry to another directory of the same file system; an empty directory there of that name is replaced. renameat2(2).
     *
     * @return why not; nothing where it was moved
     */
    public Optional<Errno> move(FileName name, Directory to, FileName newName) {
        try (Call call = new Call()) {
            int result = LibCFile.renameat2(call, fd.number(), call.name(name), to.fd.number(), call.name(newName), 0);
            return result == 0 ? Optional.empty() : Optional.of(call.errno());
        }
    }

    /** Says whom it belongs to; fchown(2). */
    public void own(int uid, int gid) {
        Linux.fchown(fd, uid, gid);
    }

    /** Sets its permission bits; fchmod(2). */
    public void permit(int mode) {
        Linux.fchmod(fd, mode);
    }

    public FileStatus status() {
        return Linux.status(fd);
    }

    /**
     * An entry as a listing gives it.
     *
     * @param directory whether it was one when it was listed; false where the file system does not say
     */
    public record Entry(FileName name, boolean directory) {}

    /**
     * The next entries, some thousands at most, without {@code .} and {@code ..}; none at the end. Whether one that is made or moved
     * meanwhile is among them is left open. getdents64(2).
     */
    public List<Entry> next() {
        try (Call call = new Call()) {
            MemorySegment buffer = call.arena().allocate(BATCH, Long.BYTES);
            List<Entry> entries = new ArrayList<>();
            long length;
            do {
                length = call.check(LibCFile.getdents64(call, fd.number(), buffer, BATCH), "getdents64", fd);
                add(buffer, length, entries);
                // Nothing but the two that are left out is not the end yet.
            } while (length > 0 && entries.isEmpty());
            return entries;
        }
    }

    /** Lists from the beginning again. */
    public void rewind() {
        try (Call call = new Call()) {
            call.check(LibC.lseek(call, fd.number(), 0, LibC.SEEK_SET), "lseek", fd);
        }
    }

    @Override
    public void close() {
        fd.close();
    }

    private static void add(MemorySegment buffer, long length, List<Entry> entries) {
        // struct dirent64: d_ino and d_off of 64 bits, d_reclen of 16, d_type of 8, the name with its NUL
        for (long at = 0; at < length; ) {
            int size = Short.toUnsignedInt(buffer.get(ValueLayout.JAVA_SHORT, at + 16));
            byte type = buffer.get(ValueLayout.JAVA_BYTE, at + 18);
            byte[] padded = buffer.asSlice(at + 19, size - 19).toArray(ValueLayout.JAVA_BYTE);
            int end = 0;
            while (padded[end] != 0) {
                end++;
            }
            FileName name = FileName.listed(Arrays.copyOf(padded, end));
            if (!name.isSelfOrParent()) {
                entries.add(new Entry(name, type == LibCFile.DT_DIR));
            }
            at += size;
        }
    }

    private boolean mkdirat(FileName name, int mode) {
        try (Call call = new Call()) {
            boolean made = LibCFile.mkdirat(call, fd.number(), call.name(name), mode) == 0;
            if (!made && !call.errno().equals(Errno.EEXIST)) {
                throw call.failure("mkdirat", name);
            }
            return made;
        }
    }

    private Directory opened(FileName name, int mode, boolean made) {
        Directory directory = open(name);
        if (made) {
            try {
                directory.permit(mode);
            } catch (KernelException e) {
                directory.close();
                throw e;
            }
        }
        return directory;
    }

    private Optional<Errno> unlinkat(FileName name, int flags) {
        try (Call call = new Call()) {
            boolean done = LibCFile.unlinkat(call, fd.number(), call.name(name), flags) == 0;
            return done || call.errno().equals(Errno.ENOENT) ? Optional.empty() : Optional.of(call.errno());
        }
    }

    /** EAGAIN says that something was renamed while the kernel looked, see openat2(2). */
    private Fd openat2(FileName name, int flags, int mode, long resolve) {
        try (Call call = new Call()) {
            MemorySegment how = Linux.openHow(call, flags, mode, resolve);
            MemorySegment path = call.name(name);
            int opened;
            int attempts = 0;
            do {
                opened = LibC.openat2(call, fd.number(), path, how);
            } while (opened < 0 && call.errno().equals(Errno.EAGAIN) && ++attempts < ATTEMPTS);
            return Fd.adopt(call.check(opened, "openat2", name));
        }
    }
}
