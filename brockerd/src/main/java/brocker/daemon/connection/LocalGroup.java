package brocker.daemon.connection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;

/**
 * The host's group {@code brocker}, whose members may use the daemon as root may. It is looked up each time, as an administrator may
 * create or remove it while the daemon runs.
 */
public final class LocalGroup {
    private static final String NAME = "brocker";

    private LocalGroup() {}

    /**
     * Sets the mode of a file of root's; gives it to the group {@code brocker} first if the host has that group.
     *
     * @param shared the permissions with the group, {@code rw-rw----}
     * @param alone the permissions without it, {@code rw-------}
     */
    public static void share(Path file, String shared, String alone) throws IOException {
        Optional<GroupPrincipal> group = find(file.getFileSystem().getUserPrincipalLookupService());
        // Closed to the group that it has before it gets another.
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(alone));
        if (group.isPresent()) {
            Files.getFileAttributeView(file, PosixFileAttributeView.class).setGroup(group.get());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(shared));
        }
    }

    /** Makes the directory where it is missing, for root and the group alone. */
    public static Path shareDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
            share(directory, "rwxr-x---", "rwx------");
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<GroupPrincipal> find(UserPrincipalLookupService principals) throws IOException {
        try {
            return Optional.of(principals.lookupPrincipalByGroupName(NAME));
        } catch (UserPrincipalNotFoundException _) {
            return Optional.empty();
        }
    }
}
