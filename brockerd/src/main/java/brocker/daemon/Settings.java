package brocker.daemon;

import brocker.spec.BrockerException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The options with every default filled in, checked. */
record Settings(
        InetSocketAddress listen,
        Path containerDir,
        Path stateDir,
        Path runDir,
        String cgroupParent,
        boolean stopContainersOnExit) {
    private static final Pattern LISTEN =
            Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3}){3}|\\[[0-9a-fA-F:]+]|localhost):(\\d{1,5})");
    private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,100}");

    static Settings of(Options options) {
        String parent = options.cgroupParent().orElse("brocker");
        if (!GROUP.matcher(parent).matches()) {
            throw new BrockerException.Invalid(
                    "invalid-cgroup-parent", "\"" + parent + "\" is not the name of a control group", "");
        }
        return new Settings(
                address(options.listen().orElse("127.0.0.1:3000")),
                absolute("container-dir", options.containerDir().orElse(Path.of("/container"))),
                absolute("state-dir", options.stateDir().orElse(Path.of("/var/lib/brocker"))),
                absolute("run-dir", options.runDir().orElse(Path.of("/run/brocker"))),
                parent,
                options.stopContainersOnExit().orElse(false));
    }

    private static Path absolute(String option, Path path) {
        if (!path.isAbsolute()) {
            throw new BrockerException.Invalid(
                    "invalid-path", "--" + option + " \"" + path + "\" is not an absolute path", "");
        }
        return path.normalize();
    }

    private static InetSocketAddress address(String text) {
        Matcher matcher = LISTEN.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 65535) {
            throw new BrockerException.Invalid(
                    "invalid-listen", "\"" + text + "\" is not an address and port", "write it as \"127.0.0.1:3000\"");
        }
        try {
            InetAddress address = InetAddress.getByName(matcher.group(1));
            if (!address.isLoopbackAddress()) {
                throw new BrockerException.Invalid(
                        "listen-needs-tls",
                        "\"" + text + "\" is not a loopback address, and this daemon speaks no TLS",
                        "listen on 127.0.0.1 and reach it through an SSH tunnel: ssh -L 3000:127.0.0.1:3000 HOST");
            }
            return new InetSocketAddress(address, Integer.parseInt(matcher.group(2)));
        } catch (UnknownHostException _) {
            throw new BrockerException.Invalid("invalid-listen", "\"" + text + "\" is not an address and port", "");
        }
    }
}
