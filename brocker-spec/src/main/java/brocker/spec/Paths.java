package brocker.spec;

import java.util.List;

/** What paths in a specification must look like. */
final class Paths {
    private static final List<String> OURS = List.of("/proc", "/sys", "/dev", "/app");

    private Paths() {}

    static void requireAbsolute(String key, String path) {
        if (!path.startsWith("/") || path.indexOf('\0') >= 0 || path.contains("/../") || path.endsWith("/..")) {
            throw new BrockerException.Invalid(
                            "invalid-path",
                            "\"" + path + "\" is not an absolute path",
                            "begin it with \"/\" and leave out \"..\"")
                    .at(key);
        }
    }

    static void requireMountTarget(String key, String path) {
        requireAbsolute(key, path);
        String normal =
                path.replaceAll("/+", "/").replaceAll("(/\\.)+(?=/|$)", "").replaceAll("/$", "");
        for (String ours : OURS) {
            if (normal.isEmpty() || normal.equals(ours) || normal.startsWith(ours + "/")) {
                throw new BrockerException.Invalid(
                                "invalid-mount",
                                "cannot mount over \"" + path + "\"",
                                "\"/\", \"/proc\", \"/sys\", \"/dev\" and \"/app\" are Brocker's own; choose another target")
                        .at(key);
            }
        }
    }
}
