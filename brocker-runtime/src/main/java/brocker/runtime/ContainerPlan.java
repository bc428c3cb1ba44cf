package brocker.runtime;

import brocker.runtime.cgroup.Limits;
import brocker.runtime.process.UserIds;
import brocker.spec.Cidr;
import brocker.spec.ContainerName;
import brocker.spec.LogLimits;
import brocker.spec.Mount;
import brocker.spec.Tmpfs;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Everything that starting one container needs to know.
 *
 * @param users what ids of the host are its own; none where it shares the host's
 * @param rootfs a directory that is the root, under an overlay of the container's own; views of the host's directories where absent
 * @param layers where the container keeps what it changes of a root of its own; there where that is, and open to root alone
 * @param writable directories of the host in which containers can make what they like: no source of a mount is looked up through a link
 *     below one of them
 * @param keepOwners whether, with ids of its own, the files of its mounts belong inside to whom they belong outside; otherwise to nobody
 * @param address the container's own, with the prefix length of its bridge
 * @param gateway the bridge's address
 * @param hostEnd the name of the veth pair's end on the host
 * @param egress whether the bridge lets it reach what is beyond the host, and find it by name
 * @param directory what the container sees as {@code /app}; exists
 * @param record where {@code brocker-run} writes log and exit record; exists
 */
public record ContainerPlan(
        ContainerName name,
        CommandPlan command,
        Optional<UserIds> users,
        String hostname,
        Limits limits,
        Optional<Path> rootfs,
        Optional<Path> layers,
        List<Mount> mounts,
        List<Path> writable,
        boolean keepOwners,
        List<Tmpfs> tmpfs,
        boolean readOnly,
        LogLimits log,
        Cidr address,
        int gateway,
        String hostEnd,
        String bridge,
        boolean egress,
        Path directory,
        Path record) {
    public ContainerPlan {
        mounts = List.copyOf(mounts);
        writable = List.copyOf(writable);
        tmpfs = List.copyOf(tmpfs);
    }
}
