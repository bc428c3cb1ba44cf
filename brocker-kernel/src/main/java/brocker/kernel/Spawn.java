package brocker.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A program to start from an open descriptor, and exactly the descriptors it is to have: target number to source.
 *
 * <p>The program starts as a session leader with every signal at its default (but glibc leaves its own
 * two, 32 and 33, ignored) and none blocked, in the namespaces of the
 * thread that calls {@link #start}; the first one after {@code unshare(CLONE_NEWPID)} is PID 1. The record owns no descriptor.
 *
 * @param executableTarget the number in {@code descriptors} through which the program is executed; it stays open there
 * @param arguments the whole argument vector, {@code argv[0]} included
 * @param environment the whole environment, each {@code NAME=VALUE}
 * @param descriptors what the program has open, by target number below {@link Fd#LOWEST}; all else is closed
 */
public record Spawn(
        int executableTarget, List<String> arguments, List<String> environment, SortedMap<Integer, Fd> descriptors) {

    public Spawn {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
        descriptors = Collections.unmodifiableSortedMap(new TreeMap<>(descriptors));
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("no arguments, not even argv[0]");
        }
        if (!descriptors.containsKey(executableTarget)) {
            throw new IllegalArgumentException("no descriptor for the executable at " + executableTarget);
        }
        if (descriptors.firstKey() < 0 || descriptors.lastKey() >= Fd.LOWEST) {
            throw new IllegalArgumentException("targets " + descriptors.keySet() + " are not in 0.." + (Fd.LOWEST - 1));
        }
    }

    /** {@code executable} at {@code executableTarget}, and no other descriptor. */
    public static Spawn of(Fd executable, int executableTarget, List<String> arguments, List<String> environment) {
        return new Spawn(executableTarget, arguments, environment, new TreeMap<>(Map.of(executableTarget, executable)));
    }

    /** The same with one more descriptor; a target that is taken already is an {@link IllegalArgumentException}. */
    public Spawn with(int target, Fd source) {
        TreeMap<Integer, Fd> more = new TreeMap<>(descriptors);
        if (more.put(target, source) != null) {
            throw new IllegalArgumentException("target " + target + " is taken");
        }
        return new Spawn(executableTarget, arguments, environment, more);
    }

    /**
     * Starts the program and returns its PID as this process's namespace sees it. The caller reaps it ({@link ExitWatcher}).
     *
     * <p>posix_spawn(3) of {@code /proc/self/fd/TARGET}, which the child resolves after its descriptors are in place; so
     * {@code /proc} must be mounted where the thread is. Fails with {@code posix_spawn("argv[0]")} when the program
     * cannot be executed.
     */
    public int start() {
        try (Call call = new Call()) {
            MemorySegment actions = call.arena().allocate(LibCSpawn.FILE_ACTIONS);
            MemorySegment attributes = call.arena().allocate(LibCSpawn.ATTRIBUTES);
            check(LibCSpawn.posix_spawn_file_actions_init(call, actions));
            try {
                check(LibCSpawn.posix_spawnattr_init(call, attributes));
                try {
                    addActions(call, actions);
                    setAttributes(call, attributes);
                    return spawn(call, actions, attributes);
                } finally {
                    LibCSpawn.posix_spawnattr_destroy(call, attributes);
                }
            } finally {
                LibCSpawn.posix_spawn_file_actions_destroy(call, actions);
            }
        }
    }

    /** Sources are numbered from {@link Fd#LOWEST}, targets below it: no dup2 overwrites a source of a later one. */
    private void addActions(Call call, MemorySegment actions) {
        for (int target = 0; target <= descriptors.lastKey(); target++) {
            Fd source = descriptors.get(target);
            check(
                    source == null
                            ? LibCSpawn.posix_spawn_file_actions_addclose(call, actions, target)
                            : LibCSpawn.posix_spawn_file_actions_adddup2(call, actions, source.number(), target));
        }
        check(LibCSpawn.posix_spawn_file_actions_addclosefrom_np(call, actions, descriptors.lastKey() + 1));
    }

    private void setAttributes(Call call, MemorySegment attributes) {
        MemorySegment signals = call.arena().allocate(LibCSpawn.SIGNAL_SET);
        check(LibCSpawn.sigfillset(call, signals));
        check(LibCSpawn.posix_spawnattr_setsigdefault(call, attributes, signals));
        check(LibCSpawn.sigemptyset(call, signals));
        check(LibCSpawn.posix_spawnattr_setsigmask(call, attributes, signals));
        int flags = LibCSpawn.POSIX_SPAWN_SETSIGDEF | LibCSpawn.POSIX_SPAWN_SETSIGMASK | LibCSpawn.POSIX_SPAWN_SETSID;
        check(LibCSpawn.posix_spawnattr_setflags(call, attributes, (short) flags));
    }

    private int spawn(Call call, MemorySegment actions, MemorySegment attributes) {
        MemorySegment pid = call.arena().allocate(ValueLayout.JAVA_INT);
        check(LibCSpawn.posix_spawn(
                call,
                pid,
                call.string("/proc/self/fd/" + executableTarget),
                actions,
                attributes,
                strings(call, arguments),
                strings(call, environment)));
        return pid.get(ValueLayout.JAVA_INT, 0);
    }

    /** A null-terminated array of pointers to strings. */
    private static MemorySegment strings(Call call, List<String> strings) {
        MemorySegment array = call.arena().allocate(ValueLayout.ADDRESS, strings.size() + 1L);
        for (int i = 0; i < strings.size(); i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, call.string(strings.get(i)));
        }
        return array;
    }

    private void check(int error) {
        if (error != 0) {
            throw new KernelException(Call.text("posix_spawn", arguments.getFirst()), Errno.of(error));
        }
    }
}
