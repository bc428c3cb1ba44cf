package brocker.runtime.process;

import brocker.spec.BrockerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Who a command runs as: numbers of the kernel's, see {@code credentials(7)}. */
public record Credentials(int uid, int gid, List<Integer> groups) {
    private static final Pattern ID = Pattern.compile("\\d{1,10}");

    public static final Credentials ROOT = new Credentials(0, 0, List.of());

    public Credentials {
        groups = List.copyOf(groups);
    }

    /**
     * Resolves {@code user} or {@code user:group}, names or numbers, by {@code passwd(5)} and {@code group(5)}. A user that is known
     * brings its primary group, and its supplementary groups where no group is written.
     *
     * @param etc the directory with {@code passwd} and {@code group}
     * @throws BrockerException.CannotStart when there is no such user or group
     */
    public static Credentials resolve(String text, Path etc) {
        String[] parts = text.split(":", 2);
        List<String[]> users = table(etc.resolve("passwd"));
        List<String[]> groups = table(etc.resolve("group"));
        Optional<String[]> user = find(users, parts[0]);
        int uid = user.map(row -> Integer.parseInt(row[2])).orElseGet(() -> number(parts[0], "user", etc));
        if (parts.length == 2) {
            int gid = find(groups, parts[1])
                    .map(row -> Integer.parseInt(row[2]))
                    .orElseGet(() -> number(parts[1], "group", etc));
            return new Credentials(uid, gid, List.of());
        }
        List<Integer> supplementary = new ArrayList<>();
        user.ifPresent(row -> groups.stream()
                .filter(group ->
                        group.length > 3 && Arrays.asList(group[3].split(",")).contains(row[0]))
                .forEach(group -> supplementary.add(Integer.parseInt(group[2]))));
        return new Credentials(uid, user.map(row -> Integer.parseInt(row[3])).orElse(uid), supplementary);
    }

    private static Optional<String[]> find(List<String[]> table, String key) {
        return table.stream()
                .filter(row -> row[0].equals(key) || row[2].equals(key))
                .findFirst();
    }

    private static int number(String text, String what, Path etc) {
        try {
            // No sign: -1 would tell the kernel to leave the id as it is.
            return Integer.parseInt(text.startsWith("-") || text.startsWith("+") ? "" : text);
        } catch (NumberFormatException _) {
            throw new BrockerException.CannotStart(
                    "unknown-user",
                    "there is no " + what + " \"" + text + "\"",
                    "the host's \"" + etc.resolve(what.equals("user") ? "passwd" : "group") + "\" does not name it; a"
                            + " number needs no entry there");
        }
    }

    /** What a row of NIS (`+::::::`) does not have. */
    private static boolean isId(String text) {
        return ID.matcher(text).matches() && Long.parseLong(text) <= Integer.MAX_VALUE;
    }

    private static List<String[]> table(Path file) {
        // A tree of the user's own need not have one; and a link there could lead anywhere.
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try {
            // A comment field may be in any encoding; what counts is ASCII.
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                    .map(line -> line.split(":", -1))
                    .filter(row -> row.length >= 3 && isId(row[2]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
