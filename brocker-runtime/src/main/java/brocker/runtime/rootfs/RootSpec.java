package brocker.runtime.rootfs;

import brocker.spec.Mount;
import brocker.spec.Tmpfs;
import java.util.List;

/**
 * What differs between one container's tree and another's.
 *
 * @param address its own, for {@code /etc/hosts}
 */
public record RootSpec(String hostname, String address, List<Mount> mounts, List<Tmpfs> tmpfs) {
    public RootSpec {
        mounts = List.copyOf(mounts);
        tmpfs = List.copyOf(tmpfs);
    }
}
