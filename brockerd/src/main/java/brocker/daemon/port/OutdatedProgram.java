package brocker.daemon.port;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A proxy executes other files than those that are installed.
 *
 * @param files by path, what identifies the installed one
 */
public record OutdatedProgram(SortedMap<String, String> files) {
    private static final int SHOWN = 3;
    private static final Pattern LIBRARY = Pattern.compile(".+\\.so(\\.\\d+)*");

    public OutdatedProgram {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /** Such as {@code "/usr/sbin/nginx", "/usr/lib/x86_64-linux-gnu/libssl.so.3"}, the program itself first. */
    String paths() {
        String first = files.keySet().stream()
                .sorted((one, other) -> Boolean.compare(isLibrary(one), isLibrary(other)))
                .limit(SHOWN)
                .map(path -> "\"" + path + "\"")
                .collect(Collectors.joining(", "));
        return files.size() > SHOWN ? first + " and " + (files.size() - SHOWN) + " more" : first;
    }

    private static boolean isLibrary(String path) {
        return LIBRARY.matcher(path).matches();
    }

    /** In a sentence about the proxy. */
    public String text() {
        return "nginx was started before the installed " + paths() + (files.size() > 1 ? " were" : " was")
                + " replaced";
    }
}
