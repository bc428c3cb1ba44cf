package brocker.runtime.process;

import brocker.kernel.Directory;
import brocker.kernel.Errno;
import brocker.kernel.Fd;
import brocker.kernel.KernelException;
import brocker.kernel.RegularFile;
import brocker.spec.BrockerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Who a command runs as: numbers of the kernel's, see {@code credentials(7)}. */
public record Credentials(int uid, int gid, List<Integer> groups) {
    private static final Pattern ID = Pattern.compile("\\d{1,10}");

    /** More than any such file has, in bytes. */
    private static final int LONGEST = 32 << 20;

    public static final Credentials ROOT = new Credentials(0, 0, List.of());

    public Credentials {
        groups = List.copyOf(groups);
    }

    /**
     * Resolves {@code user} or {@code user:group}, names or numbers, by {@code passwd(5)} and {@code group(5)}. A user that is known
     * brings its primary group, and its supplementary groups where no group is written.
     *
     * @param root the directory in which {@code etc/passwd} and {@code etc/group} lie; links in it lead nowhere else, and what is no
     *     regular file counts as missing
     * @throws BrockerException.CannotStart when there is no such user or group
     */
    public static Credentials resolve(String text, Path root) {
        String[] parts = text.split(":", 2);
        List<String[]> users = table(root, "etc/passwd");
        List<String[]> groups = table(root, "etc/group");
        Optional<String[]> user = find(users, parts[0]);
        int uid = user.map(row -> Integer.parseInt(row[2])).orElseGet(() -> number(parts[0], "user", root));
        if (parts.length == 2) {
            int gid = find(groups, parts[1])
                    .map(row -> Integer.parseInt(row[2]))
                    .orElseGet(() -> number(parts[1], "group", root));
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

    private static int number(String text, String what, Path root) {
        try {
            // No sign: -1 would tell the kernel to leave the id as it is.
            return Integer.parseInt(text.startsWith("-") || text.startsWith("+") ? "" : text);
        } catch (NumberFormatException _) {
            throw new BrockerException.CannotStart(
                    "unknown-user",
                    "there is no " + what + " \"" + text + "\"",
                    "the host's \"" + root.resolve(what.equals("user") ? "etc/passwd" : "etc/group")
                            + "\" does not name it; a number needs no entry there");
        }
    }

    /** What a row of NIS (`+::::::`) does not have. */
    private static boolean isId(String text) {
        return ID.matcher(text).matches() && Long.parseLong(text) <= Integer.MAX_VALUE;
    }

    /** The rows of either file with numbers where there have to be some: what is written there may be a container's. */
    private static List<String[]> table(Path root, String file) {
        try (Directory directory = Directory.open(root)) {
            Optional<Fd> found = directory.findRegularFile(file);
            if (found.isEmpty()) {
                return List.of();
            }
            try (Fd open = found.get();
                    FileChannel channel = RegularFile.channel(open, StandardOpenOption.READ)) {
                String text =
                        new String(RegularFile.read(channel, LONGEST, root.resolve(file)), StandardCharsets.UTF_8);
                int numbers = file.endsWith("passwd") ? 2 : 1;
                return text.lines()
                        .map(line -> line.split(":", -1))
                        .filter(row -> row.length > 1 + numbers
                                && Arrays.stream(row, 2, 2 + numbers).allMatch(Credentials::isId))
                        .toList();
            }
        } catch (KernelException e) {
            if (e.errno().equals(Errno.ENOENT) || e.errno().equals(Errno.ENOTDIR)) {
                // There is no such tree, which the start says better.
                return List.of();
            }
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
