package brocker.kernel;

import java.io.Serializable;

/**
 * Why a system call failed; see errno(3).
 *
 * <p>A record over the number, so that a number newer than this table loses nothing: its name is {@code E} and the digits.
 *
 * @param number the positive number the kernel gave
 */
public record Errno(int number) implements Serializable {
    public static final Errno EPERM = new Errno(1);
    public static final Errno ENOENT = new Errno(2);
    public static final Errno ESRCH = new Errno(3);
    public static final Errno EINTR = new Errno(4);
    public static final Errno EIO = new Errno(5);
    public static final Errno ENXIO = new Errno(6);
    public static final Errno E2BIG = new Errno(7);
    public static final Errno ENOEXEC = new Errno(8);
    public static final Errno EBADF = new Errno(9);
    public static final Errno ECHILD = new Errno(10);
    public static final Errno EAGAIN = new Errno(11);
    public static final Errno ENOMEM = new Errno(12);
    public static final Errno EACCES = new Errno(13);
    public static final Errno EFAULT = new Errno(14);
    public static final Errno EBUSY = new Errno(16);
    public static final Errno EEXIST = new Errno(17);
    public static final Errno EXDEV = new Errno(18);
    public static final Errno ENODEV = new Errno(19);
    public static final Errno ENOTDIR = new Errno(20);
    public static final Errno EISDIR = new Errno(21);
    public static final Errno EINVAL = new Errno(22);
    public static final Errno ENFILE = new Errno(23);
    public static final Errno EMFILE = new Errno(24);
    public static final Errno ENOTTY = new Errno(25);
    public static final Errno ETXTBSY = new Errno(26);
    public static final Errno EFBIG = new Errno(27);
    public static final Errno ENOSPC = new Errno(28);
    public static final Errno EROFS = new Errno(30);
    public static final Errno EPIPE = new Errno(32);
    public static final Errno ERANGE = new Errno(34);
    public static final Errno ENAMETOOLONG = new Errno(36);
    public static final Errno ENOSYS = new Errno(38);
    public static final Errno ENOTEMPTY = new Errno(39);
    public static final Errno ELOOP = new Errno(40);
    public static final Errno ENOBUFS = new Errno(105);
    public static final Errno EOPNOTSUPP = new Errno(95);
    public static final Errno EAFNOSUPPORT = new Errno(97);
    public static final Errno EADDRINUSE = new Errno(98);
    public static final Errno EADDRNOTAVAIL = new Errno(99);
    public static final Errno ENETUNREACH = new Errno(101);
    public static final Errno ETIMEDOUT = new Errno(110);
    public static final Errno ECONNREFUSED = new Errno(111);

    public Errno {
        if (number <= 0) {
            throw new IllegalArgumentException("errno " + number + " is not positive");
        }
    }

    public static Errno of(int number) {
        return new Errno(number);
    }

    /** {@code ENOENT}, or {@code E4711} for a number that the table does not know. */
    public String name() {
        ErrnoTable.Row row = ErrnoTable.ROWS.get(number);
        return row == null ? "E" + number : row.name();
    }

    /** {@code no such file or directory}, or {@code unknown error 4711}. */
    public String text() {
        ErrnoTable.Row row = ErrnoTable.ROWS.get(number);
        return row == null ? "unknown error " + number : row.text();
    }

    /** {@code ENOENT (no such file or directory)}. */
    @Override
    public String toString() {
        return name() + " (" + text() + ")";
    }
}
