package brocker.spec;

/** A directory or file of the host, bound into the container: {@code {"source": "/srv/data", "target": "/data", "read-only": true}}. */
public record Mount(String source, String target, boolean readOnly) {
    public Mount {
        Paths.requireAbsolute("source", source);
        Paths.requireMountTarget("target", target);
    }
}
