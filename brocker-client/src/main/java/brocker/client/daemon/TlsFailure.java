package brocker.client.daemon;

import brocker.client.http.TlsAlert;
import java.io.IOException;
import java.util.Locale;

/** What went wrong with TLS on either side, in words that say what to do. Loaded only then. */
final class TlsFailure {
    private TlsFailure() {}

    static String message(DaemonAddress address, IOException e) {
        return switch (kind(e)) {
            case ENCRYPTED -> "what listens at \"" + address + "\" speaks TLS";
            case PLAIN -> "what listens at \"" + address + "\" does not speak TLS";
            case UNTRUSTED -> "the certificate of \"" + address + "\" is not trusted";
            case ANOTHER_NAME -> "the certificate of \"" + address + "\" is for another name: " + e.getMessage();
            case OTHER -> "the connection to \"" + address + "\" failed: " + e.getMessage();
        };
    }

    static String hint(IOException e) {
        return switch (kind(e)) {
            case ENCRYPTED -> "write https:// instead of http://";
            case PLAIN -> "write http:// instead of https://";
            case UNTRUSTED -> "name the file of the certificate, or of its authority: --ca-file, BROCKER_CA_FILE";
            case ANOTHER_NAME -> "use a name that is in it, or make one with this name (subjectAltName)";
            case OTHER -> "";
        };
    }

    private enum Kind {
        ENCRYPTED,
        PLAIN,
        UNTRUSTED,
        ANOTHER_NAME,
        OTHER
    }

    /** By the JDK's words, as it has no types for them. */
    private static Kind kind(IOException e) {
        if (e instanceof TlsAlert) {
            return Kind.ENCRYPTED;
        }
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (text.contains("unrecognized ssl message") || text.contains("unsupported or")) {
            return Kind.PLAIN;
        }
        if (text.contains("unable to find valid certification path") || text.contains("pkix")) {
            return Kind.UNTRUSTED;
        }
        return text.contains("subject alternative") || text.contains("no name matching")
                ? Kind.ANOTHER_NAME
                : Kind.OTHER;
    }
}
