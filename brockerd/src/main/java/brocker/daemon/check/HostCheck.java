package brocker.daemon.check;

import brocker.kernel.KernelException;
import brocker.kernel.Linux;
import brocker.kernel.MissingLibraryException;
import brocker.kernel.SeccompFilter;
import brocker.runtime.cgroup.Cgroups;
import brocker.runtime.network.HostNetwork;
import brocker.runtime.process.HostLimits;
import brocker.runtime.process.Processes;
import brocker.runtime.process.ReplacedFiles;
import brocker.spec.BrockerException;
import brocker.spec.wire.HostFinding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What Brocker needs of the host, and what it finds. */
public record HostCheck(Path nginx, Path initProgram, String cgroupParent) {
    private static final int OLDEST_MAJOR = 5;
    private static final int OLDEST_MINOR = 10;
    private static final Map<String, Integer> CAPABILITIES = new TreeMap<>(Map.of(
            "CAP_SYS_ADMIN", Linux.CAP_SYS_ADMIN,
            "CAP_NET_ADMIN", Linux.CAP_NET_ADMIN,
            "CAP_SYS_CHROOT", Linux.CAP_SYS_CHROOT,
            "CAP_SETUID", Linux.CAP_SETUID,
            "CAP_SETGID", Linux.CAP_SETGID,
            "CAP_CHOWN", Linux.CAP_CHOWN,
            "CAP_KILL", Linux.CAP_KILL,
            "CAP_SYS_PTRACE", Linux.CAP_SYS_PTRACE,
            "CAP_SETPCAP", Linux.CAP_SETPCAP,
            "CAP_MKNOD", Linux.CAP_MKNOD));

    /** The title of nginx's master process; a proxy's has {@code -p /app} among its arguments. */
    private static final String MASTER = "nginx: master process ";

    private static final int ABBREVIATED = 12;

    /** One finding a subject; with one that is {@code MISSING} no container can be run. */
    public List<HostFinding> findings() {
        List<HostFinding> findings = new ArrayList<>();
        findings.add(privileges());
        findings.add(limits());
        findings.add(kernel());
        findings.add(namespaces());
        cgroups(findings);
        findings.add(seccomp());
        findings.add(nftables());
        findings.add(program("nginx", nginx, "install it: apt-get install nginx-light"));
        findings.add(program("init program", initProgram, "it belongs to the distribution, in libexec/"));
        proxies().ifPresent(findings::add);
        return findings;
    }

    private static HostFinding privileges() {
        if (Linux.geteuid() != 0) {
            return HostFinding.missing("privileges", "not root", "run it as root: sudo brockerd");
        }
        long effective = Linux.effective_capabilities();
        List<String> lacking = CAPABILITIES.entrySet().stream()
                .filter(entry -> (effective >>> entry.getValue() & 1) == 0)
                .map(Map.Entry::getKey)
                .toList();
        if (!lacking.isEmpty()) {
            return HostFinding.missing(
                    "privileges", "root without " + String.join(", ", lacking), "give the daemon these capabilities");
        }
        if ((effective >>> Linux.CAP_SYS_RESOURCE & 1) == 0) {
            return HostFinding.limited(
                    "privileges", "root without CAP_SYS_RESOURCE", "hard limits of the host cannot be raised");
        }
        return HostFinding.ok("privileges", "root");
    }

    /** Whether a container gets Brocker's own defaults, whatever this process was started with. */
    private static HostFinding limits() {
        HostLimits limits = HostLimits.read();
        List<String> less = new ArrayList<>();
        if (limits.files() < HostLimits.DEFAULT_FILES) {
            less.add("containers get " + limits.files() + " open files in the place of " + HostLimits.DEFAULT_FILES);
        }
        int score = Integer.parseInt(read(Path.of("/proc/self/oom_score_adj")));
        if (score > 0 && lacks(Linux.CAP_SYS_RESOURCE)) {
            less.add("containers may keep the oom_score_adj " + score);
        }
        int niceness = Linux.getpriority();
        if (niceness > 0 && lacks(Linux.CAP_SYS_NICE)) {
            less.add("containers may keep the niceness " + niceness);
        }
        return less.isEmpty()
                ? HostFinding.ok("limits", "up to " + limits.files() + " open files for each process")
                : HostFinding.limited(
                        "limits",
                        String.join(", ", less),
                        "start brockerd with a higher hard limit (LimitNOFILE= in its unit), or with CAP_SYS_RESOURCE and"
                                + " CAP_SYS_NICE");
    }

    private static boolean lacks(int capability) {
        return (Linux.effective_capabilities() >>> capability & 1) == 0;
    }

    private static HostFinding kernel() {
        String release = read(Path.of("/proc/sys/kernel/osrelease"));
        String[] numbers = release.split("[.-]", -1);
        int major = Integer.parseInt(numbers[0]);
        int minor = Integer.parseInt(numbers[1]);
        boolean enough = major > OLDEST_MAJOR || (major == OLDEST_MAJOR && minor >= OLDEST_MINOR);
        return enough
                ? HostFinding.ok("kernel", release)
                : HostFinding.missing("kernel", release, "Brocker needs Linux 5.10 or newer");
    }

    private static HostFinding namespaces() {
        List<String> lacking = List.of("pid", "mnt", "net", "uts", "ipc", "cgroup").stream()
                .filter(name -> !Files.exists(Path.of("/proc/self/ns", name)))
                .toList();
        return lacking.isEmpty()
                ? HostFinding.ok("namespaces", "pid, mnt, net, uts, ipc, cgroup")
                : HostFinding.missing(
                        "namespaces", "no " + String.join(", ", lacking), "use a kernel that was built with them");
    }

    private void cgroups(List<HostFinding> findings) {
        try {
            Cgroups found = Cgroups.detect(Path.of("/proc/self/mountinfo"), cgroupParent);
            findings.add(HostFinding.ok(
                    "cgroups",
                    "version " + found.version() + "; all containers together: "
                            + found.capacity().memory() + " of memory, "
                            + found.capacity().pids() + " processes and threads"));
            findings.add(devices(found));
        } catch (BrockerException.Host e) {
            findings.add(HostFinding.missing("cgroups", e.message(), e.hint().orElse("")));
        }
    }

    private static HostFinding devices(Cgroups cgroups) {
        try {
            cgroups.requireDeviceControl();
            return HostFinding.ok("devices", "restricted by control groups");
        } catch (BrockerException.Host e) {
            return HostFinding.limited(
                    "devices",
                    e.message(),
                    "containers with the host's user ids cannot have the capability MKNOD; of the controllers of version 1 mount"
                            + " \"devices\", with version 2 use a kernel with CONFIG_CGROUP_BPF");
        }
    }

    private static HostFinding seccomp() {
        try {
            return HostFinding.ok("seccomp", "libseccomp " + SeccompFilter.seccomp_version());
        } catch (MissingLibraryException e) {
            return HostFinding.missing("seccomp", e.message(), "install it: apt-get install libseccomp2");
        }
    }

    private static HostFinding nftables() {
        try {
            HostNetwork.requirePacketFilter();
            return HostFinding.ok("nftables", "families arp, bridge and inet");
        } catch (BrockerException.Host e) {
            return HostFinding.missing("nftables", e.message(), e.hint().orElse(""));
        } catch (KernelException e) {
            return HostFinding.missing(
                    "nftables", "cannot be tried: " + e.getMessage(), "run it as root: sudo brockerd");
        }
    }

    /** Compares the programs of running proxies with the installed ones; empty if all are the same. */
    private Optional<HostFinding> proxies() {
        Cgroups cgroups;
        try {
            cgroups = Cgroups.detect(Path.of("/proc/self/mountinfo"), cgroupParent);
        } catch (BrockerException.Host _) {
            // There are none, and the finding "cgroups" says why.
            return Optional.empty();
        }
        SortedSet<String> containers = new TreeSet<>();
        SortedSet<String> files = new TreeSet<>();
        for (String container : cgroups.names()) {
            for (int pid : cgroups.processes(container)) {
                SortedMap<String, String> replaced = isProxy(pid) ? ReplacedFiles.of(pid) : new TreeMap<>();
                if (!replaced.isEmpty()) {
                    containers.add(container.substring(0, Math.min(ABBREVIATED, container.length())));
                    files.addAll(replaced.keySet());
                }
            }
        }
        return containers.isEmpty()
                ? Optional.empty()
                : Optional.of(HostFinding.limited(
                        "proxies",
                        "proxies " + String.join(", ", containers) + " still run replaced files: \""
                                + String.join("\", \"", files) + "\"",
                        "brockerd upgrades them within minutes; if one stays outdated, see:"
                                + " brocker-client service status NAME"));
    }

    /** Any process may give itself nginx's title, so its program has to be nginx as well. */
    private boolean isProxy(int pid) {
        String title = Processes.title(pid);
        return title.startsWith(MASTER) && title.contains(" -p /app ") && Processes.executes(pid, nginx);
    }

    private static HostFinding program(String subject, Path file, String hint) {
        return Files.isExecutable(file)
                ? HostFinding.ok(subject, file.toString())
                : HostFinding.missing(subject, "no \"" + file + "\"", hint);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
