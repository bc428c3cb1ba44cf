package brocker.runtime.cgroup;

import brocker.spec.BrockerException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A value of a file of a group. */
record Setting(Path file, String value) {
    /**
     * Writes one after the other. Where one is refused, those before it have their former values again.
     *
     * @throws BrockerException.Host naming the file and the value that it refused
     */
    static void writeAll(List<Setting> settings) {
        Deque<Setting> former = new ArrayDeque<>();
        for (Setting setting : settings) {
            try {
                Setting present = new Setting(setting.file, GroupFiles.read(setting.file));
                GroupFiles.write(setting.file, setting.value);
                former.push(present);
            } catch (BrockerException.Host refusal) {
                putBack(former, refusal);
                throw refusal;
            }
        }
    }

    private static void putBack(Deque<Setting> former, BrockerException.Host refusal) {
        for (Setting setting : former) {
            try {
                GroupFiles.write(setting.file, setting.value);
            } catch (BrockerException.Host e) {
                refusal.addSuppressed(e);
            }
        }
    }
}
