package brocker.runtime.rootfs;

import brocker.spec.Mount;
import brocker.spec.Tmpfs;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What differs between one container's tree and another's.
 *
 * @param tree where the container brings its own
 * @param address its own, for {@code /etc/hosts}
 * @param nameServer the bridge's address, where names are asked for
 * @param egress whether what is beyond the host is found by name as well
 * @param writable directories of the host in which containers can make what they like
 * @param mapped whether the files of its mounts belong inside to the numbers that they belong to outside
 * @param owner what root inside is outside; what is writable in the tree belongs to it
 */
public record RootSpec(
        Optional<OwnTree> tree,
        String hostname,
        String address,
        String nameServer,
        boolean egress,
        List<Mount> mounts,
        List<Path> writable,
        boolean mapped,
        List<Tmpfs> tmpfs,
        int owner) {
    public RootSpec {
        mounts = List.copyOf(mounts);
        writable = List.copyOf(writable);
        tmpfs = List.copyOf(tmpfs);
    }
}
