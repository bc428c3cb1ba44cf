package brocker.daemon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.daemon.proxy.Notices.Notice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NoticesTest {
    private static final int SELF = Math.toIntExact(ProcessHandle.current().pid());

    @Test
    void aNoticeIsAFileForEachWorkerThatLives(@TempDir Path top) {
        Path directory = top.resolve("leaving");
        Notice notice = new Notices(directory).give(Set.of(SELF, Integer.MAX_VALUE));
        assertThat(directory).isDirectoryContaining("glob:**/" + SELF);
        assertThat(notice.files()).hasSize(1);

        notice.withdraw();
        assertThat(directory).isEmptyDirectory();
        notice.withdraw();
    }

    @Test
    void whatAnEarlierDaemonSaidIsCleared(@TempDir Path top) throws Exception {
        Path directory = Files.createDirectory(top.resolve("leaving"));
        Files.createFile(directory.resolve("7"));
        new Notices(directory).clear();
        assertThat(directory).doesNotExist();
        new Notices(directory).clear();
    }
}
