package brocker.daemon.linux;

import brocker.daemon.port.Groups;
import brocker.kernel.Errno;
import brocker.kernel.KernelException;
import brocker.kernel.Linux;
import brocker.runtime.cgroup.Cgroups;
import java.util.List;

/** Groups in the kernel's hierarchies. */
public record ControlGroups(Cgroups cgroups) implements Groups {
    @Override
    public List<String> names() {
        return cgroups.names();
    }

    @Override
    public void kill(String name) {
        kill(cgroups, name);
    }

    static void kill(Cgroups cgroups, String group) {
        for (int pid : cgroups.processes(group)) {
            try {
                Linux.kill(pid, Linux.SIGKILL);
            } catch (KernelException e) {
                // It has ended meanwhile.
                if (!e.errno().equals(Errno.ESRCH)) {
                    throw e;
                }
            }
        }
    }

    @Override
    public boolean deleteAtOnce(String name) {
        return cgroups.deleteAtOnce(name);
    }

    @Override
    public void delete(String name) {
        cgroups.requireDeleted(name);
    }
}
