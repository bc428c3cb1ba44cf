package brocker.spec;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.regex.Pattern;

/**
 * A file that the client uploaded and the container finds as {@code /app/NAME}. The wire's form of {@code file} and {@code files}.
 *
 * @param executable whether the container's user may execute it, as the file's owner could on the client's machine
 * @param sha256 64 hexadecimal digits, the address of the content
 * @param ownerOnly whether nobody but the container's user may read it, as on the client's machine others could not; an older daemon
 *     does not know the key, so it is written where it is true alone
 */
public record Artifact(
        String name,
        String sha256,
        boolean executable,

        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean ownerOnly) {
    private static final int LONGEST = 255;
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    public Artifact {
        if (name.isEmpty()
                || name.length() > LONGEST
                || name.indexOf('/') >= 0
                || name.indexOf('\0') >= 0
                || name.equals(".")
                || name.equals("..")) {
            String shown = name.length() > LONGEST ? name.substring(0, LONGEST) + "…" : name;
            throw new BrockerException.Invalid("invalid-artifact", "\"" + shown + "\" is not a file name", "")
                    .at("name");
        }
        requireDigest(sha256);
    }

    /**
     * Checks the form of a digest.
     *
     * @throws BrockerException.Invalid when the text is not a SHA-256 digest in lower-case hexadecimal
     */
    public static void requireDigest(String sha256) {
        if (!DIGEST.matcher(sha256).matches()) {
            throw new BrockerException.Invalid(
                            "invalid-artifact",
                            "\"" + sha256 + "\" is not a SHA-256 digest",
                            "64 lower-case hexadecimal digits")
                    .at("sha256");
        }
    }
}
