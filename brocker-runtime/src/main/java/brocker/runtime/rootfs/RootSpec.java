package brocker.runtime.rootfs;

import brocker.spec.Mount;
import brocker.spec.Tmpfs;
import java.util.List;

/**
 * What differs between one container's tree and another's.
 *
 * @param address its own, for {@code /etc/hosts}
 * @param cgroupDirectories mount points that have to exist below {@code /sys/fs/cgroup}, relative to it; none where the hierarchy is
 *     mounted there itself
 */
public record RootSpec(
        String hostname, String address, List<Mount> mounts, List<Tmpfs> tmpfs, List<String> cgroupDirectories) {
    public RootSpec {
        mounts = List.copyOf(mounts);
        tmpfs = List.copyOf(tmpfs);
        cgroupDirectories = List.copyOf(cgroupDirectories);
    }
}
