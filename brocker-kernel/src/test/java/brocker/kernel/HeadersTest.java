package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is laid out and numbered here, against the C headers of this machine. */
final class HeadersTest {
    private static final List<String> HEADERS = List.of(
            "stdio.h",
            "stddef.h",
            "string.h",
            "errno.h",
            "sched.h",
            "fcntl.h",
            "poll.h",
            "signal.h",
            "spawn.h",
            "unistd.h",
            "dirent.h",
            "sys/stat.h",
            "sys/resource.h",
            "sys/mount.h",
            "sys/mman.h",
            "sys/vfs.h",
            "sys/wait.h",
            "sys/epoll.h",
            "sys/eventfd.h",
            "sys/socket.h",
            "sys/un.h",
            "sys/syscall.h",
            "netinet/in.h",
            "linux/openat2.h",
            "linux/magic.h",
            "linux/audit.h",
            "linux/bpf.h",
            "linux/capability.h",
            "linux/filter.h",
            "linux/seccomp.h",
            "linux/netlink.h");

    @TempDir
    private Path directory;

    @Test
    void everyStructHasTheSizeAndTheOffsetsOfC() throws Exception {
        Map<String, StructLayout> structs = new TreeMap<>(Map.of(
                "struct open_how", LibC.OPEN_HOW,
                "struct pollfd", LibC.POLLFD,
                "struct statfs", LibC.STATFS,
                "siginfo_t", LibC.SIGINFO,
                "posix_spawn_file_actions_t", LibCSpawn.FILE_ACTIONS,
                "posix_spawnattr_t", LibCSpawn.ATTRIBUTES,
                "sigset_t", LibCSpawn.SIGNAL_SET,
                "struct epoll_event", LibCEpoll.EPOLL_EVENT,
                "struct sockaddr_in", SocketAddress.IN,
                "struct sockaddr_in6", SocketAddress.IN6));
        structs.put("struct flock", LibC.FLOCK);
        structs.put("struct sockaddr_un", SocketAddress.UN);
        structs.put("struct mount_attr", LibC.MOUNT_ATTR);
        structs.put("struct iovec", LibCSocket.IOVEC);
        structs.put("struct mmsghdr", LibCSocket.MMSGHDR);
        structs.put("struct statx", LibCFile.STATX);
        structs.put("struct dirent64", LibCFile.DIRENT);
        StringBuilder body = new StringBuilder();
        List<String> expected = new ArrayList<>();
        structs.forEach((name, layout) -> {
            body.append("printf(\"%s %zu\\n\", \"" + name + "\", sizeof(" + name + "));\n");
            expected.add(name + " " + layout.byteSize());
            for (MemoryLayout member : layout.memberLayouts()) {
                member.name().ifPresent(field -> {
                    body.append("printf(\"%s.%s %zu\\n\", \"" + name + "\", \"" + field + "\", offsetof(" + name + ", "
                            + field + "));\n");
                    long offset = layout.byteOffset(MemoryLayout.PathElement.groupElement(field));
                    expected.add(name + "." + field + " " + offset);
                });
            }
        });
        assertThat(expected).hasSizeGreaterThan(25);
        assertThat(CLanguage.run(directory, HEADERS, body.toString())).isEqualTo(expected);
    }

    @Test
    void epollDataLiesWhereItsLayoutSays() {
        assertThat(LibCEpoll.EPOLL_EVENT.byteOffset(MemoryLayout.PathElement.groupElement("data")))
                .isEqualTo(LibCEpoll.EPOLL_DATA);
    }

    @Test
    void valueOfAQueuedSignalLiesWhereSigchldHasAStatus() throws Exception {
        String body = "printf(\"%zu\\n\", offsetof(siginfo_t, si_value));";
        long status = LibC.SIGINFO.byteOffset(MemoryLayout.PathElement.groupElement("si_status"));

        assertThat(CLanguage.run(directory, HEADERS, body)).containsExactly(String.valueOf(status));
    }

    @Test
    void everyConstantHasTheValueOfC() throws Exception {
        StringBuilder body = new StringBuilder();
        // Newer than the headers of Debian 12, or ours and not C's.
        List<String> absent = List.of("MFD_EXEC", "AARCH64", "F_SEAL_ALL", "EPOLL_DATA", "CHUNK", "STATX_WANTED");
        List<String> expected = new ArrayList<>();
        for (Class<?> holder :
                List.of(Linux.class, LibC.class, LibCFile.class, LibCSpawn.class, LibCEpoll.class, LibCSocket.class)) {
            for (Field field : holder.getDeclaredFields()) {
                boolean number =
                        List.of(int.class, long.class, short.class, byte.class).contains(field.getType());
                if (number && Modifier.isStatic(field.getModifiers()) && !absent.contains(field.getName())) {
                    body.append("printf(\"%s %lld\\n\", \"" + field.getName() + "\", (long long) (" + field.getName()
                            + "));\n");
                    field.setAccessible(true);
                    expected.add(field.getName() + " " + ((Number) field.get(null)).longValue());
                }
            }
        }
        assertThat(expected).hasSizeGreaterThan(110);
        assertThat(CLanguage.run(directory, HEADERS, body.toString())).isEqualTo(expected);
    }

    @Test
    void whatAFilterSaysHasTheNumbersOfC() throws Exception {
        StringBuilder body = new StringBuilder("printf(\"%zu\\n\", sizeof(struct sock_filter));\n");
        List<String> expected = new ArrayList<>(List.of(String.valueOf(SeccompFilter.INSTRUCTION)));
        for (Field field : SeccompFilter.class.getFields()) {
            if (field.getName().startsWith("SECCOMP_RET_") || field.getName().startsWith("AUDIT_ARCH_")) {
                body.append("printf(\"%s %d\\n\", \"" + field.getName() + "\", (int) " + field.getName() + ");\n");
                expected.add(field.getName() + " " + field.get(null));
            }
        }
        assertThat(expected).hasSizeGreaterThan(10);
        assertThat(CLanguage.run(directory, HEADERS, body.toString())).isEqualTo(expected);
    }

    @Test
    void whatADeviceFilterSaysHasTheNumbersAndTheOffsetsOfC() throws Exception {
        StringBuilder body = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (Field field : DeviceFilter.class.getDeclaredFields()) {
            if (field.getName().startsWith("BPF_")) {
                body.append("printf(\"%s %d\\n\", \"" + field.getName() + "\", (int) " + field.getName() + ");\n");
                field.setAccessible(true);
                expected.add(field.getName() + " " + field.get(null));
            }
        }
        assertThat(expected).hasSizeGreaterThan(5);
        Map<String, Integer> offsets = new TreeMap<>(Map.of(
                "prog_type", 0,
                "insn_cnt", 4,
                "insns", 8,
                "license", 16,
                "expected_attach_type", 68,
                "target_fd", 0,
                "attach_bpf_fd", 4,
                "attach_type", 8,
                "query.attach_type", 4,
                "query.prog_cnt", 24));
        offsets.forEach((field, offset) -> {
            body.append("printf(\"%zu\\n\", offsetof(union bpf_attr, " + field + "));\n");
            expected.add(String.valueOf(offset));
        });
        for (String field : List.of("access_type", "major", "minor")) {
            body.append("printf(\"%zu\\n\", offsetof(struct bpf_cgroup_dev_ctx, " + field + "));\n");
        }
        expected.addAll(List.of("0", "4", "8"));
        assertThat(CLanguage.run(directory, HEADERS, body.toString())).isEqualTo(expected);
    }

    @Test
    void everyErrnoHasTheNameAndTheTextOfC() throws Exception {
        StringBuilder body = new StringBuilder();
        List<String> expected = new ArrayList<>();
        new TreeMap<>(ErrnoTable.ROWS).forEach((number, row) -> {
            body.append("printf(\"%d %s\\n\", " + row.name() + ", strerror(" + row.name() + "));\n");
            expected.add(number + " " + row.text());
        });
        assertThat(expected).hasSizeGreaterThan(130);
        assertThat(CLanguage.run(directory, HEADERS, body.toString()))
                .usingElementComparator(String.CASE_INSENSITIVE_ORDER)
                .isEqualTo(expected);
    }
}
