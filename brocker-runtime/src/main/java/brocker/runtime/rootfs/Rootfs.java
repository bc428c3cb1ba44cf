package brocker.runtime.rootfs;

import static brocker.kernel.Linux.MS_BIND;
import static brocker.kernel.Linux.MS_NODEV;
import static brocker.kernel.Linux.MS_NOEXEC;
import static brocker.kernel.Linux.MS_NOSUID;
import static brocker.kernel.Linux.MS_PRIVATE;
import static brocker.kernel.Linux.MS_RDONLY;
import static brocker.kernel.Linux.MS_REC;
import static brocker.kernel.Linux.MS_SLAVE;

import brocker.kernel.Device;
import brocker.kernel.Linux;
import brocker.kernel.Submounts;
import brocker.spec.BrockerException;
import brocker.spec.Mount;
import brocker.spec.Tmpfs;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Composes the tree that a container sees: a small tmpfs with read-only views of the host's system directories, a curated
 * {@code /etc}, private {@code /tmp}, {@code /run}, {@code /var} and {@code /dev}.
 *
 * <p>Runs on a thread that has unshared its mount namespace, so every container composes at the same mount point and the host never
 * sees any of it.
 */
public final class Rootfs {
    /** Covered inside the container: what tells about or reaches the host's kernel, as Docker's list, and private keys. */
    public static final List<String> MASKED = List.of(
            "/proc/acpi",
            "/proc/asound",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/sys/firmware",
            "/sys/devices/virtual/powercap",
            "/etc/ssl/private");

    public static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private static final Set<Device> DEVICES =
            EnumSet.of(Device.NULL, Device.ZERO, Device.FULL, Device.RANDOM, Device.URANDOM, Device.TTY);
    /** What the tree has of its own and a program may write to; the empty name is the root. */
    private static final List<String> OWN_DIRECTORIES = List.of(
            "",
            "etc",
            "home",
            "mnt",
            "srv",
            "root",
            "tmp",
            "run",
            "run/lock",
            "var",
            "var/cache",
            "var/lib",
            "var/log",
            "var/spool",
            "var/tmp");

    /** Files with the container's name and its name server, which are mounted in a tree of its own. */
    private static final List<String> NAMES = List.of("/etc/hostname", "/etc/hosts", "/etc/resolv.conf");

    private static final String MTAB = "/etc/mtab";
    private static final Path MOUNTS = Path.of("../proc/self/mounts");

    private static final String ROOT_OPTIONS = "mode=755,size=64m";
    private static final String TMP_OPTIONS = "mode=1777,size=256m";

    /** As {@code /tmp}: everybody makes files there, and removes none of others. */
    private static final int STICKY = 01777;

    private final Path root;
    private final Path sources;
    private final List<String> cgroupDirectories;

    /**
     * Prepares to compose.
     *
     * @param root a mount point, an empty directory
     * @param sources another one, for what is mounted in the tree
     * @param cgroupDirectories mount points that have to exist below {@code /sys/fs/cgroup}, relative to it; none where the hierarchy
     *     is mounted there itself
     */
    public Rootfs(Path root, Path sources, List<String> cgroupDirectories) {
        this.root = root;
        this.sources = sources;
        this.cgroupDirectories = List.copyOf(cgroupDirectories);
    }

    /** Changes whenever a tree composed now would differ from one composed before. */
    public static long fingerprint() {
        return HostTree.fingerprint();
    }

    public Path path() {
        return root;
    }

    /** What identifies the mount point: a tree that was composed at one that was deleted since is gone. */
    public Map<String, Object> place() {
        try {
            return Files.readAttributes(root, "unix:dev,ino,ctime");
        } catch (IOException _) {
            // Deleted: composing the next tree makes it again.
            return Map.of();
        }
    }

    /**
     * Composes what all containers have in common.
     *
     * @return the places of the host's directories in it, for {@link #seal}
     */
    public List<Path> compose() throws IOException {
        // Slave, not private: what the host unmounts must not stay mounted here for as long as a sandbox waits.
        Linux.mount("", "/", "", MS_REC | MS_SLAVE, "");
        Files.createDirectories(root);
        Linux.mount("tmpfs", root.toString(), "tmpfs", MS_NOSUID | MS_NODEV, ROOT_OPTIONS);
        for (String directory : List.of("proc", "sys", "app", "etc", "home", "mnt", "srv", "root")) {
            Files.createDirectory(root.resolve(directory));
        }
        HostTree host = HostTree.scan();
        List<Path> views = systemDirectories(host);
        for (Path file : host.copied()) {
            Files.copy(file, in(file), LinkOption.NOFOLLOW_LINKS);
        }
        devices();
        writable();
        sysfs();
        return views;
    }

    /**
     * Makes the views of the host's directories read-only, nosuid and nodev, with all that is mounted below them. What the host mounts
     * from now on is not seen in this namespace, so nothing escapes this. To be called before anything is written to the tree.
     */
    public void seal(List<Path> views) {
        Linux.mount("", "/", "", MS_REC | MS_PRIVATE, "");
        for (Path view : views) {
            Submounts.restrict(view, MS_RDONLY | MS_NOSUID | MS_NODEV);
        }
    }

    /**
     * Completes a composed and sealed tree for one container.
     *
     * @throws BrockerException.CannotStart when a mount of the user's has no source or no place
     */
    public void complete(RootSpec spec) throws IOException {
        names(spec);
        Sources sources = sources(spec);
        if (spec.tree().isPresent() || !spec.mounts().isEmpty()) {
            sources.open();
        }
        Places places = spec.tree().isPresent()
                ? spec.tree().get().prepare(root, sources, spec.owner())::place
                : (target, isDirectory) -> place(root, target, isDirectory);
        if (spec.tree().isPresent()) {
            for (String name : NAMES) {
                places.make(name, false);
            }
            Files.createSymbolicLink(root.resolve("skeleton" + MTAB), MOUNTS);
        }
        for (int i = 0; i < spec.mounts().size(); i++) {
            Mount mount = spec.mounts().get(i);
            boolean isDirectory =
                    sources.bind(mount.source(), String.valueOf(i)).orElseThrow(() -> missing(mount));
            places.make(mount.target(), isDirectory);
        }
        for (Tmpfs tmpfs : spec.tmpfs()) {
            places.make(tmpfs.target(), true);
        }
        if (spec.owner() != 0) {
            give(spec.owner());
        }
    }

    /** The container's own {@code /dev/null}. */
    public Path nullDevice() {
        return root.resolve("dev").resolve(Device.NULL.file());
    }

    /** Makes the places where something is mounted. */
    @FunctionalInterface
    private interface Places {
        void make(String target, boolean isDirectory) throws IOException;
    }

    /**
     * Gives away what a container may change: the tree's own directories, the devices, and the files of {@code /etc}, where only the
     * directories are the host's.
     */
    private void give(int owner) throws IOException {
        for (Device device : DEVICES) {
            own(root.resolve("dev").resolve(device.file()), owner);
        }
        for (String directory : OWN_DIRECTORIES) {
            own(root.resolve(directory), owner);
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve("etc"))) {
            for (Path entry : entries) {
                if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    own(entry, owner);
                }
            }
        }
    }

    private static void own(Path file, int owner) {
        Linux.lchown(file.toString(), owner, owner);
    }

    /** What is left to PID 1, in order; masks and {@code /app} come after. */
    public List<LateMount> late(RootSpec spec, List<LateMount> cgroups) {
        List<LateMount> mounts = new ArrayList<>(cgroups);
        Sources sources = sources(spec);
        spec.tree().ifPresent(tree -> mounts.addAll(tree.mounts(root, sources, spec.owner() != 0)));
        String top = spec.tree().isPresent() ? OwnTree.PLACE : "";
        mounts.add(new LateMount("proc", top + "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, ""));
        for (int i = 0; i < spec.mounts().size(); i++) {
            Mount mount = spec.mounts().get(i);
            long flags = MS_BIND | MS_REC | MS_NOSUID | MS_NODEV | (mount.readOnly() ? MS_RDONLY : 0);
            String source = sources.path(String.valueOf(i)).toString();
            mounts.add(new LateMount(source, top + mount.target(), spec.mapped() ? "mapped" : "", flags, ""));
        }
        for (Tmpfs tmpfs : spec.tmpfs()) {
            String options = "mode=1777,uid=" + spec.owner() + ",gid=" + spec.owner() + ",size="
                    + tmpfs.sizeOrDefault().bytes();
            mounts.add(new LateMount("tmpfs", top + tmpfs.target(), "tmpfs", MS_NOSUID | MS_NODEV, options));
        }
        return mounts;
    }

    private List<Path> systemDirectories(HostTree host) throws IOException {
        List<Path> views = new ArrayList<>();
        for (Path link : host.links()) {
            Files.createSymbolicLink(in(link), Files.readSymbolicLink(link));
        }
        for (Path directory : host.bound()) {
            Path target = Files.createDirectory(in(directory));
            Linux.mount(directory.toString(), target.toString(), "", MS_BIND | MS_REC, "");
            views.add(target);
        }
        return views;
    }

    private void names(RootSpec spec) throws IOException {
        String name = spec.hostname();
        Files.writeString(root.resolve("etc/hostname"), name + "\n");
        Files.writeString(
                root.resolve("etc/hosts"),
                "127.0.0.1 localhost\n::1 localhost ip6-localhost\n" + spec.address() + " " + name + "\n");
        Files.writeString(root.resolve("etc/resolv.conf"), ResolvConf.HOST.text(spec.nameServer(), spec.egress()));
        Files.createSymbolicLink(root.resolve(MTAB.substring(1)), MOUNTS);
    }

    /** The files of this process's that are mounted in a container's own tree: source and target of each. */
    public Map<String, String> files(RootSpec spec) {
        Map<String, String> files = new TreeMap<>();
        if (spec.tree().isPresent()) {
            NAMES.forEach(name -> files.put(root + name, name));
        }
        return files;
    }

    private void devices() throws IOException {
        Path dev = mountTmpfs("dev", "mode=755,size=64k", MS_NOSUID);
        // Nodes of its own: through a bind mount, mode, owner and times of the host's could be changed.
        for (Device device : DEVICES) {
            Path node = dev.resolve(device.file());
            Linux.mknod(
                    node.toString(),
                    Linux.S_IFCHR,
                    device.major(),
                    device.minor().orElseThrow());
            Files.setAttribute(node, "unix:mode", 0666); // whatever the umask is
        }
        for (String directory : List.of("pts", "shm", "mqueue")) {
            Files.createDirectory(dev.resolve(directory));
        }
        Linux.mount(
                "devpts",
                dev.resolve("pts").toString(),
                "devpts",
                MS_NOSUID | MS_NOEXEC,
                "newinstance,ptmxmode=0666,mode=0620");
        Linux.mount(
                "shm", dev.resolve("shm").toString(), "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=1777,size=64m");
        Linux.mount("mqueue", dev.resolve("mqueue").toString(), "mqueue", MS_NOSUID | MS_NODEV | MS_NOEXEC, "");
        Files.createSymbolicLink(dev.resolve("ptmx"), Path.of("pts/ptmx"));
        Files.createSymbolicLink(dev.resolve("fd"), Path.of("/proc/self/fd"));
        Files.createSymbolicLink(dev.resolve("stdin"), Path.of("/proc/self/fd/0"));
        Files.createSymbolicLink(dev.resolve("stdout"), Path.of("/proc/self/fd/1"));
        Files.createSymbolicLink(dev.resolve("stderr"), Path.of("/proc/self/fd/2"));
    }

    private void writable() throws IOException {
        mountTmpfs("tmp", TMP_OPTIONS, MS_NOSUID | MS_NODEV);
        Path run = mountTmpfs("run", "mode=755,size=64m", MS_NOSUID | MS_NODEV);
        Files.createDirectories(run.resolve("lock"));
        Path var = Files.createDirectory(root.resolve("var"));
        for (String directory : List.of("cache", "lib", "log", "spool")) {
            Files.createDirectory(var.resolve(directory));
        }
        Files.setAttribute(Files.createDirectory(var.resolve("tmp")), "unix:mode", STICKY);
        Files.createSymbolicLink(var.resolve("run"), Path.of("../run"));
        Files.createSymbolicLink(var.resolve("lock"), Path.of("../run/lock"));
    }

    private void sysfs() throws IOException {
        Linux.mount("sysfs", root.resolve("sys").toString(), "sysfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "");
        if (!cgroupDirectories.isEmpty()) {
            Path cgroup = mountOver("sys/fs/cgroup", "mode=755,size=64k");
            for (String directory : cgroupDirectories) {
                Files.createDirectories(cgroup.resolve(directory));
            }
        }
    }

    private Sources sources(RootSpec spec) {
        return new Sources(sources, spec.writable());
    }

    /**
     * A source as the user wrote it, where PID 1 names the one that was made of it, and a place as the container sees it.
     *
     * @param object that a failure names
     */
    public String asWritten(RootSpec spec, String object) {
        Path path = Path.of(object);
        if (!sources.equals(path.getParent())) {
            boolean inTree = spec.tree().isPresent() && object.startsWith(OwnTree.PLACE + "/");
            return inTree ? object.substring(OwnTree.PLACE.length()) : object;
        }
        String name = String.valueOf(path.getFileName());
        return name.equals(Sources.TREE)
                ? spec.tree().map(tree -> tree.directory().toString()).orElse(object)
                : spec.mounts().get(Integer.parseInt(name)).source();
    }

    private static BrockerException.CannotStart missing(Mount mount) {
        return new BrockerException.CannotStart(
                "missing-mount-source",
                "cannot mount \"" + mount.source() + "\": no such file or directory",
                "create it on the host first");
    }

    /** Makes the place where something is mounted, without following a symbolic link that leads out of the tree. */
    private static void place(Path top, String target, boolean directory) throws IOException {
        Path path = top;
        List<Path> steps = new ArrayList<>();
        Path.of(target).normalize().iterator().forEachRemaining(steps::add);
        for (int i = 0; i < steps.size(); i++) {
            path = path.resolve(steps.get(i));
            if (Files.isSymbolicLink(path)) {
                throw new BrockerException.CannotStart(
                        "invalid-mount",
                        "cannot mount on \"" + target + "\": \"/" + top.relativize(path) + "\" is a symbolic link",
                        "name the place that it points to");
            }
            if (!Files.exists(path)) {
                make(path, target, directory || i < steps.size() - 1);
            }
        }
    }

    private static void make(Path path, String target, boolean directory) {
        try {
            if (directory) {
                Files.createDirectory(path);
            } else {
                Files.createFile(path);
            }
        } catch (IOException _) {
            throw new BrockerException.CannotStart(
                    "invalid-mount",
                    "cannot mount on \"" + target + "\": it is in a read-only directory of the host and does not exist",
                    "choose a target such as \"/srv\" or \"/mnt/NAME\"");
        }
    }

    private Path mountTmpfs(String name, String options, long flags) throws IOException {
        Path target = Files.createDirectory(root.resolve(name));
        Linux.mount("tmpfs", target.toString(), "tmpfs", flags, options);
        return target;
    }

    private Path mountOver(String name, String options) {
        Path target = root.resolve(name);
        Linux.mount("tmpfs", target.toString(), "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, options);
        return target;
    }

    private Path in(Path absolute) {
        return root.resolve(absolute.toString().substring(1));
    }
}
