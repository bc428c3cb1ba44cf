package brocker.daemon;

import brocker.spec.BrockerException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The options with every default filled in, checked. */
record Settings(
        InetSocketAddress listen,
        Path containerDir,
        Path stateDir,
        Path runDir,
        String cgroupParent,
        boolean stopContainersOnExit,
        Optional<TlsFiles> tls) {
    private static final Pattern LISTEN =
            Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3}){3}|\\[[0-9a-fA-F:]+]|localhost):(\\d{1,5})");
    private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,100}");

    static Settings of(Options options) {
        String parent = options.cgroupParent().orElse("brocker");
        if (!GROUP.matcher(parent).matches()) {
            throw new BrockerException.Invalid(
                    "invalid-cgroup-parent", "\"" + parent + "\" is not the name of a control group", "");
        }
        Optional<TlsFiles> tls = tls(options);
        return new Settings(
                address(options.listen().orElse("127.0.0.1:3000"), tls.isPresent()),
                absolute("container-dir", options.containerDir().orElse(Path.of("/container"))),
                absolute("state-dir", options.stateDir().orElse(Path.of("/var/lib/brocker"))),
                absolute("run-dir", options.runDir().orElse(Path.of("/run/brocker"))),
                parent,
                options.stopContainersOnExit().orElse(false),
                tls);
    }

    /** The URL that clients use. */
    String url() {
        String host = listen.getAddress() instanceof Inet6Address six
                ? "[" + six.getHostAddress() + "]"
                : listen.getHostString();
        return (tls.isPresent() ? "https://" : "http://") + host + ":" + listen.getPort();
    }

    private static Optional<TlsFiles> tls(Options options) {
        if (options.tlsCert().isPresent() != options.tlsKey().isPresent()) {
            boolean certificate = options.tlsCert().isPresent();
            throw new BrockerException.Invalid(
                    "incomplete-tls",
                    (certificate ? "--tls-cert needs --tls-key" : "--tls-key needs --tls-cert") + " as well",
                    "name the files of the certificate and of its key");
        }
        return options.tlsCert()
                .map(certificate -> new TlsFiles(
                        certificate.toAbsolutePath(),
                        options.tlsKey().orElseThrow().toAbsolutePath()));
    }

    private static Path absolute(String option, Path path) {
        if (!path.isAbsolute()) {
            throw new BrockerException.Invalid(
                    "invalid-path", "--" + option + " \"" + path + "\" is not an absolute path", "");
        }
        return path.normalize();
    }

    private static InetSocketAddress address(String text, boolean tls) {
        Matcher matcher = LISTEN.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 65535) {
            throw new BrockerException.Invalid(
                    "invalid-listen", "\"" + text + "\" is not an address and port", "write it as \"127.0.0.1:3000\"");
        }
        try {
            InetAddress address = InetAddress.getByName(matcher.group(1));
            if (!address.isLoopbackAddress() && !tls) {
                throw new BrockerException.Invalid(
                        "listen-needs-tls",
                        "--listen \"" + text + "\" is not a loopback address, and needs TLS",
                        "add --tls-cert and --tls-key, or listen on 127.0.0.1 and reach it by: ssh -L 3000:127.0.0.1:3000 HOST");
            }
            return new InetSocketAddress(address, Integer.parseInt(matcher.group(2)));
        } catch (UnknownHostException _) {
            throw new BrockerException.Invalid("invalid-listen", "\"" + text + "\" is not an address and port", "");
        }
    }
}
