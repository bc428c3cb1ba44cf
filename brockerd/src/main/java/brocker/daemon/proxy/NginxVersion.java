package brocker.daemon.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which nginx is installed. */
record NginxVersion(int major, int minor, int patch) {
    private static final Pattern VERSION = Pattern.compile("nginx version: \\S+/(\\d+)\\.(\\d+)\\.(\\d+)");

    /** Asks the program. */
    static NginxVersion of(Path program) {
        try {
            Process asked = new ProcessBuilder(program.toString(), "-v")
                    .redirectErrorStream(true)
                    .start();
            asked.getOutputStream().close();
            return parse(new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads what it says; what cannot be read is taken for an old one. */
    static NginxVersion parse(String said) {
        Matcher matcher = VERSION.matcher(said);
        return matcher.find()
                ? new NginxVersion(
                        Integer.parseInt(matcher.group(1)),
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3)))
                : new NginxVersion(0, 0, 0);
    }

    /** Whether HTTP/2 is a directive of its own, as from 1.25.1 on, and no longer a word of {@code listen}. */
    boolean hasHttp2Directive() {
        return major > 1 || (major == 1 && (minor > 25 || (minor == 25 && patch >= 1)));
    }
}
