package brocker.client.text;

import java.time.Instant;

/** How long ago something was, in the largest unit that fits. */
public final class Age {
    private Age() {}

    /** Such as {@code 3 minutes ago}. A time to come, as when two clocks differ, is now. */
    public static String between(Instant then, Instant now) {
        long seconds = Math.max(0, now.getEpochSecond() - then.getEpochSecond());
        if (seconds < 60) {
            return ago(seconds, "second");
        }
        if (seconds < 3600) {
            return ago(seconds / 60, "minute");
        }
        return seconds < 86_400 ? ago(seconds / 3600, "hour") : ago(seconds / 86_400, "day");
    }

    private static String ago(long count, String unit) {
        return count + " " + unit + (count == 1 ? " ago" : "s ago");
    }
}
