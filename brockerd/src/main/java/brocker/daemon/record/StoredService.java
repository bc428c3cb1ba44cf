package brocker.daemon.record;

import java.util.List;

/**
 * A service as it was found in the store.
 *
 * @param record the service; of a broken one what can still be read, with defaults for everything else, which is never saved
 * @param broken why it cannot be read, in one line; empty where it can
 * @param flaws what of it cannot be read without which it can do, a sentence each
 */
public record StoredService(ServiceRecord record, String broken, List<String> flaws) {
    public StoredService {
        flaws = List.copyOf(flaws);
    }
}
