package brocker.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What the host shows of its links, mounts, control groups and processes, see {@code proc(5)} and {@code ip-link(8)}. */
final class Host {
    private Host() {}

    /**
     * Refuses to go on where a test could reach another machine.
     *
     * @throws AssertionError when a link beside loopback is up
     */
    static void requireNoUplink() {
        for (JsonNode link : links()) {
            boolean loopback = link.path("link_type").asString().equals("loopback");
            if (!loopback && link.path("flags").toString().contains("\"UP\"")) {
                throw new AssertionError("the link \"" + link.path("ifname").asString()
                        + "\" is up: these tests run in a network namespace without an uplink; use: make test");
            }
        }
    }

    static List<JsonNode> links() {
        return Rest.parse(Outcome.of("ip", "-j", "link")).values().stream().toList();
    }

    static JsonNode link(String name) {
        return links().stream()
                .filter(link -> link.path("ifname").asString().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no link \"" + name + "\" in " + linkNames()));
    }

    static List<String> linkNames() {
        return links().stream()
                .map(link -> link.path("ifname").asString())
                .sorted()
                .toList();
    }

    static List<String> mounts() {
        return lines(Path.of("/proc/self/mountinfo")).stream()
                .map(line -> line.split(" ", -1)[4])
                .sorted()
                .toList();
    }

    /** The network namespaces that have a name, see {@code ip-netns(8)}. */
    static List<String> networkNamespaces() {
        return Outcome.of("ip", "netns").lines().sorted().toList();
    }

    /** The control groups of one name, in every hierarchy. */
    static List<Path> groups(String name) {
        List<Path> found = new ArrayList<>();
        walk(Path.of("/sys/fs/cgroup"), 4, folder -> {
            if (folder.getFileName().toString().equals(name)) {
                found.add(folder);
            }
        });
        return found;
    }

    static List<Path> childGroups(Path group) {
        List<Path> found = new ArrayList<>();
        walk(group, 5, folder -> {
            if (!folder.equals(group)) {
                found.add(folder);
            }
        });
        return found;
    }

    /** The processes that are in a control group below one of a name. */
    static List<Long> processesInGroup(String parent) {
        return processes()
                .filter(pid -> read(pid, "cgroup").contains("/" + parent + "/"))
                .toList();
    }

    /** The processes whose command line contains a text. */
    static List<Long> processesNaming(String text) {
        return processes()
                .filter(pid -> pid != ProcessHandle.current().pid())
                .filter(pid -> read(pid, "cmdline").contains(text))
                .toList();
    }

    static Stream<Long> processes() {
        return ProcessHandle.allProcesses().map(ProcessHandle::pid);
    }

    /** The children of a process. */
    static List<Long> children(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::children)
                .map(ProcessHandle::pid)
                .toList();
    }

    /** A file of a process, or nothing where the process is gone. */
    static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(pid), file));
        } catch (IOException e) {
            return "";
        }
    }

    /** The number of a namespace that a process is in, such as {@code net:[4026531840]}. */
    static String namespace(long pid, String kind) {
        return readLink(Path.of("/proc", String.valueOf(pid), "ns", kind));
    }

    static String readLink(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The inodes of this process's sockets, see {@code proc_pid_fd(5)}. */
    static Set<String> sockets() {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .map(Host::target)
                    .filter(target -> target.startsWith("socket:["))
                    .map(target -> target.replaceAll("\\D", ""))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException _) {
            // Closed since it was listed.
            return "";
        }
    }

    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names in a directory, sorted; empty if it does not exist. */
    static List<String> entries(Path directory) {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void walk(Path top, int depth, java.util.function.Consumer<Path> visitor) {
        try {
            Files.walkFileTree(top, Set.of(), depth, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    visitor.accept(folder);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    // Control groups of others come and go while they are looked at.
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }

                @Override
                public FileVisitResult postVisitDirectory(
                        Path folder, @org.jspecify.annotations.Nullable IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
