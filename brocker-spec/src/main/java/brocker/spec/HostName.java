package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/** A name by which clients call a service, see RFC 1123, section 2.1: {@code "shop.example"}. Case means nothing; kept in lower case. */
public record HostName(@JsonValue String value) implements Comparable<HostName> {
    private static final Pattern LABELS =
            Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|(.*\\.)[0-9]+");
    private static final int LONGEST = 253;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public HostName {
        String written = value;
        value = value.toLowerCase(Locale.ROOT);
        if (value.length() > LONGEST
                || !LABELS.matcher(value).matches()
                || ADDRESS.matcher(value).matches()) {
            throw new BrockerException.Invalid("invalid-host", "\"" + written + "\" is not a host name", hint(written));
        }
    }

    private static String hint(String written) {
        if (written.contains("://") || written.contains("/")) {
            return "write the name alone, as in \"shop.example\"; \"paths\" has the paths, \"publish\" the port";
        }
        if (written.startsWith("*")) {
            return "write each name; there are no wildcards";
        }
        if (written.indexOf(':') >= 0) {
            return "write the name alone, as in \"shop.example\"; \"publish\" has the port";
        }
        if (ADDRESS.matcher(written).matches()) {
            return "an address is not a name; without \"hosts\" a service is reached by every name and address";
        }
        return ascii(written);
    }

    /** Clients send names of other letters in their ASCII form, see RFC 5891. */
    private static String ascii(String written) {
        try {
            String ascii = IDN.toASCII(written).toLowerCase(Locale.ROOT);
            if (!ascii.equals(written) && LABELS.matcher(ascii).matches()) {
                return "write it as \"" + ascii + "\"";
            }
        } catch (IllegalArgumentException _) {
            // It has no such form either.
        }
        return "use letters, digits, inner hyphens and dots, as in \"shop.example\"";
    }

    @Override
    public int compareTo(HostName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
