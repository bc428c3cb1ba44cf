package brocker.daemon.proxy;

import brocker.daemon.port.Route;
import java.util.List;

/** What an {@code nginx.conf} of ours is to say, and what lies beside it. */
sealed interface Configuration permits NginxConfiguration, IngressConfiguration {
    /**
     * The whole file.
     *
     * @param directory where nginx sees what it includes
     */
    String text(String directory);

    /** Those of the user that it includes. */
    Directives directives();

    /** Whose certificates and keys it names. */
    List<Route> routes();
}
