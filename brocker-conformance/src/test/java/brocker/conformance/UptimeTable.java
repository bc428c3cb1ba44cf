package brocker.conformance;

import brocker.conformance.load.Ledger;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** What became of the requests, as {@code docs/reliability.md} shows it. */
final class UptimeTable {
    private UptimeTable() {}

    static String of(int replicas, Ledger ledger) {
        StringBuilder text = new StringBuilder("\n| %d replica%s | requests | failed | p50 | p99 | longest |\n"
                .formatted(replicas, replicas == 1 ? "" : "s"));
        text.append("|---|---|---|---|---|---|\n");
        ledger.byPhase()
                .forEach((phase, sum) -> text.append("| %s | %d | %d | %s | %s | %s |\n"
                        .formatted(
                                phase,
                                sum.requests(),
                                sum.failed(),
                                millis(sum.median()),
                                millis(sum.p99()),
                                millis(sum.longest()))));
        text.append("\n| client | requests | failed |\n|---|---|---|\n");
        ledger.byKind()
                .forEach(
                        (kind, sum) -> text.append("| %s | %d | %d |\n".formatted(kind, sum.requests(), sum.failed())));
        text.append("\nConnections found closed after a rest: %d. p99 during deploys: %s × that of the quiet time.\n"
                .formatted(ledger.closedWhileResting(), ratio(ledger.byPhase())));
        return text.toString();
    }

    private static String ratio(Map<String, Ledger.Sum> phases) {
        double quiet = p99("quiet", phases).toNanos();
        return String.format(Locale.ROOT, "%.1f", p99("[0-9]+ deploys", phases).toNanos() / quiet);
    }

    private static Duration p99(String phase, Map<String, Ledger.Sum> phases) {
        return phases.entrySet().stream()
                .filter(entry -> entry.getKey().matches(phase))
                .findFirst()
                .orElseThrow()
                .getValue()
                .p99();
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
    }
}
