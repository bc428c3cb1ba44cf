package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordLockTest {
    private static final List<String> HEADERS =
            List.of("stdio.h", "stdlib.h", "fcntl.h", "unistd.h", "sys/types.h", "sys/stat.h");

    @TempDir
    private Path directory;

    @Test
    void otherProcessesSeeTheByteThatIsTakenAndWhoHasIt() throws Exception {
        Path path = directory.resolve("lock");
        try (Fd file = open(path)) {
            assertThat(RecordLock.take(file, 7)).isEqualTo(new RecordLock.Attempt.Taken());
            assertThat(CLanguage.run(directory, HEADERS, """
                            int fd = open("%s", O_RDWR);
                            for (int i = 6; i < 9; i++) {
                                struct flock lock = {.l_type = F_WRLCK, .l_start = i, .l_len = 1};
                                fcntl(fd, F_GETLK, &lock);
                                printf("%%d %%d\\n", i, lock.l_type == F_UNLCK ? 0 : (int) lock.l_pid);
                            }
                            """.formatted(path)))
                    .containsExactly("6 0", "7 " + ProcessHandle.current().pid(), "8 0");
        }
    }

    @Test
    void processThatHasTheByteIsNamedUntilItEnds() throws Exception {
        Path path = directory.resolve("lock");
        try (Fd file = open(path)) {
            long pid = Long.parseLong(
                    CLanguage.run(directory, HEADERS, """
                            int ready[2];
                            if (pipe(ready) != 0) return 1;
                            pid_t child = fork();
                            if (child == 0) {
                                int fd = open("%s", O_RDWR);
                                struct flock lock = {.l_type = F_WRLCK, .l_start = 7, .l_len = 1};
                                if (fcntl(fd, F_SETLK, &lock) != 0) _exit(1);
                                close(1);
                                close(2);
                                if (write(ready[1], "x", 1) != 1) _exit(1);
                                sleep(60);
                                _exit(0);
                            }
                            char c;
                            if (read(ready[0], &c, 1) != 1) return 1;
                            printf("%%d\\n", (int) child);
                            """.formatted(path)).getFirst());
            ProcessHandle holder = ProcessHandle.of(pid).orElseThrow();
            assertThat(RecordLock.take(file, 7)).isEqualTo(new RecordLock.Attempt.Held((int) pid));
            assertThat(RecordLock.take(file, 8)).isEqualTo(new RecordLock.Attempt.Taken());
            holder.destroyForcibly();
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (!(RecordLock.take(file, 7) instanceof RecordLock.Attempt.Taken)) {
                assertThat(System.nanoTime()).as("the kernel releases the lock").isLessThan(deadline);
                Thread.sleep(10);
            }
        }
    }

    private static Fd open(Path path) {
        return Linux.open(path.toString(), Linux.O_RDWR | Linux.O_CREAT, 0600);
    }
}
