package brocker.kernel;

/**
 * What statx(2) says of a file.
 *
 * @param mode its type and its permission bits, see inode(7)
 * @param device the number of the file system that it lies on
 * @param size in bytes
 */
public record FileStatus(int mode, int uid, int gid, long device, long inode, long size) {
    public boolean isRegularFile() {
        return is(LibCFile.S_IFREG);
    }

    public boolean isDirectory() {
        return is(LibCFile.S_IFDIR);
    }

    private boolean is(int type) {
        return (mode & LibCFile.S_IFMT) == type;
    }
}
