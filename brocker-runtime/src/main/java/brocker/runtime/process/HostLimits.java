package brocker.runtime.process;

import brocker.kernel.Linux;
import brocker.spec.BrockerException;
import brocker.spec.ProcessSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How much of what setrlimit(2) limits this process can give to others.
 *
 * @param hard its own hard limits, {@link Resource#UNLIMITED} included
 * @param mostFiles what the kernel lets anybody have, {@code fs.nr_open} of {@code proc_sys_fs(5)}
 * @param raisable whether it may go above its own hard limits
 */
public record HostLimits(Map<Resource, Long> hard, long mostFiles, boolean raisable) {
    /** How many files a process may have open where {@code nofile} is not written and the host does not have less. */
    public static final long DEFAULT_FILES = Resource.NOFILE.hard();

    private static final int LABEL = 26;

    public HostLimits {
        hard = Map.copyOf(hard);
    }

    /** Reads them of this process. */
    public static HostLimits read() {
        try {
            return new HostLimits(
                    parse(Files.readAllLines(Path.of("/proc/self/limits"), StandardCharsets.ISO_8859_1)),
                    Long.parseLong(Files.readAllLines(Path.of("/proc/sys/fs/nr_open"))
                            .getFirst()
                            .strip()),
                    (Linux.effective_capabilities() >>> Linux.CAP_SYS_RESOURCE & 1) != 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The hard limits in the lines of {@code proc_pid_limits(5)}: label, soft, hard, unit. */
    static Map<Resource, Long> parse(List<String> lines) {
        Map<Resource, Long> hard = new EnumMap<>(Resource.class);
        for (String line : lines) {
            for (Resource resource : Resource.values()) {
                if (line.length() > LABEL && line.substring(0, LABEL).strip().equals(resource.label())) {
                    String text = line.substring(LABEL).strip().split(" +", -1)[1];
                    hard.put(resource, text.equals("unlimited") ? Resource.UNLIMITED : Long.parseUnsignedLong(text));
                }
            }
        }
        return hard;
    }

    /** How many files a process may have open at most. */
    public long files() {
        return most(Resource.NOFILE);
    }

    /**
     * Makes sure that a container can have what its specification asks for.
     *
     * @throws BrockerException.Invalid when this host allows fewer open files
     */
    public void require(ProcessSettings settings) {
        settings.nofile().filter(wanted -> wanted > files()).ifPresent(wanted -> {
            throw new BrockerException.Invalid(
                    "beyond-host",
                    "nofile \"" + wanted + "\" is more than the " + files()
                            + " open files that brockerd may allow on this host",
                    raisable
                            ? "write less, or raise it: sysctl fs.nr_open"
                            : "write less, or start brockerd with a higher hard limit (LimitNOFILE= in its unit), or with"
                                    + " CAP_SYS_RESOURCE");
        });
    }

    /**
     * What a container's commands get, whatever this process has itself: where the host has less than a default, that.
     *
     * @throws BrockerException.Invalid as {@link #require} does
     */
    public ProcessLimits processLimits(ProcessSettings settings) {
        require(settings);
        List<ResourceLimit> limits = Arrays.stream(Resource.values())
                .map(resource -> ResourceLimit.of(
                        resource,
                        least(soft(resource, settings), most(resource)),
                        least(hard(resource, settings), most(resource))))
                .toList();
        return new ProcessLimits(limits, settings.oomScoreAdj());
    }

    private static long soft(Resource resource, ProcessSettings settings) {
        return resource == Resource.NOFILE ? files(settings, resource.soft()) : resource.soft();
    }

    private static long hard(Resource resource, ProcessSettings settings) {
        return resource == Resource.NOFILE ? files(settings, resource.hard()) : resource.hard();
    }

    private static long files(ProcessSettings settings, long byDefault) {
        return settings.nofile().map(Integer::longValue).orElse(byDefault);
    }

    private long most(Resource resource) {
        long most = raisable ? Resource.UNLIMITED : hard.getOrDefault(resource, Resource.UNLIMITED);
        return resource == Resource.NOFILE ? least(most, mostFiles) : most;
    }

    private static long least(long one, long other) {
        return Long.compareUnsigned(one, other) < 0 ? one : other;
    }
}
