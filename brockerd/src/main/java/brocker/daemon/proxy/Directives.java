package brocker.daemon.proxy;

import brocker.daemon.record.ServiceRecord;
import brocker.spec.BrockerException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Directives of the user's own for the {@code server} block. They lie in a file of their own beside {@code nginx.conf}, whose name follows
 * from its content, so that a brace too many ends no block of ours and a failure has the line that the user wrote. Pure.
 *
 * @param lines none where the user has written none
 */
record Directives(List<String> lines) {
    /** What every such file's name begins with. */
    static final String PREFIX = "directives-";

    /** As {@code nginx -t} says it, and as a master that does not start logs it. */
    private static final Pattern REFUSAL = Pattern.compile(
            "(?m)(?:nginx: |\\S+ \\S+ )\\[(?:emerg|alert|crit|error)] (?:\\d+#\\d+: )?(.*?)(?: in (\\S+):(\\d+))?$");

    Directives {
        // One entry may have several lines.
        lines = String.join("\n", lines).lines().toList();
    }

    static Directives of(ServiceRecord service) {
        return new Directives(service.spec().nginx());
    }

    boolean none() {
        return lines.isEmpty();
    }

    String file() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text().getBytes(StandardCharsets.UTF_8));
            return PREFIX + HexFormat.of().formatHex(digest, 0, 8) + ".conf";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    String text() {
        return String.join("\n", lines) + "\n";
    }

    /**
     * What nginx said, as a failure: the user's where it names a line of theirs; empty where it refuses nothing.
     *
     * @param said what it wrote to standard error, other lines included
     */
    Optional<BrockerException> refusal(String said) {
        Matcher refusal = REFUSAL.matcher(said);
        if (!refusal.find()) {
            return Optional.empty();
        }
        String what = refusal.group(1);
        String place = Optional.ofNullable(refusal.group(2)).orElse("");
        if (none() || !place.endsWith("/" + file())) {
            String where = place.isEmpty() ? "" : " in " + place + ":" + refusal.group(3);
            return Optional.of(
                    new BrockerException.Host("nginx-refused", "nginx refuses its configuration: " + what + where, ""));
        }
        int number = Integer.parseInt(refusal.group(3));
        // A block that is not closed is noticed behind the last line.
        String line = number <= lines.size() ? ", \"" + lines.get(number - 1).strip() + "\"" : "";
        return Optional.of(new BrockerException.Invalid(
                "invalid-nginx",
                "nginx refuses line " + number + " of \"nginx\"" + line + ": " + what,
                "what is written there belongs to the \"server\" block: https://nginx.org/en/docs/dirindex.html"));
    }
}
