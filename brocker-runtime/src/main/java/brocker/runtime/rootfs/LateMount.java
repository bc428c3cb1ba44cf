package brocker.runtime.rootfs;

/** A mount that only PID 1 can make, inside its own PID and cgroup namespaces, with the arguments of {@code mount(2)}. */
public record LateMount(String source, String target, String type, long flags, String data) {}
