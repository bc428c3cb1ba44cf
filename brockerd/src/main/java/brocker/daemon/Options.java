package brocker.daemon;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The daemon's options; each is also a key of its configuration file.
 *
 * <pre>{@code
 * {"listen": "127.0.0.1:3000", "container-dir": "/container", "state-dir": "/var/lib/brocker", "run-dir": "/run/brocker",
 *  "cgroup-parent": "brocker", "stop-containers-on-exit": false,
 *  "tls-cert": "/etc/brocker/cert.pem", "tls-key": "/etc/brocker/key.pem"}
 * }</pre>
 */
public record Options(
        Optional<String> listen,
        Optional<Path> containerDir,
        Optional<Path> stateDir,
        Optional<Path> runDir,
        Optional<String> cgroupParent,
        Optional<Boolean> stopContainersOnExit,
        Optional<Path> tlsCert,
        Optional<Path> tlsKey) {

    /** These, and where one is not given, the other's. */
    Options or(Options other) {
        return new Options(
                listen.or(other::listen),
                containerDir.or(other::containerDir),
                stateDir.or(other::stateDir),
                runDir.or(other::runDir),
                cgroupParent.or(other::cgroupParent),
                stopContainersOnExit.or(other::stopContainersOnExit),
                tlsCert.or(other::tlsCert),
                tlsKey.or(other::tlsKey));
    }
}
