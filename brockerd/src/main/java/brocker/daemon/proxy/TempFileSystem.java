package brocker.daemon.proxy;

import brocker.kernel.KernelException;
import brocker.kernel.Linux;
import brocker.runtime.RunningContainer;
import brocker.spec.ByteSize;

/** The memory in which an nginx keeps its temporary files: a tmpfs at {@link Nginx#TEMP} of its container. */
record TempFileSystem(RunningContainer container) {
    private static final System.Logger LOG = System.getLogger(TempFileSystem.class.getName());

    /** Changes the size. If more than that lies there, the kernel refuses, and the old size stays until the next change. */
    void resize(ByteSize size) {
        try {
            Linux.reconfigure(
                    "/proc/" + container.init().pid() + "/root" + Nginx.TEMP, "size", String.valueOf(size.bytes()));
        } catch (KernelException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the temporary files of \"" + container.name().abbreviated() + "\": " + e.getMessage());
        }
    }
}
