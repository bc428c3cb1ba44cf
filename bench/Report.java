import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What was measured, each with the reference of the same run, as a table for people and as JSON lines. */
final class Report {
    private final Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final String machine = machine();
    private final String load = load();
    private final List<Row> rows = new ArrayList<>();

    /** @param target what the project asks of the median or of the ratio, empty where it asks for nothing */
    private record Row(Series series, Optional<Series> reference, String target) {
        Optional<Double> ratio() {
            return reference.map(other -> series.median() / other.median());
        }
    }

    void add(Bench.Compared compared, String target) {
        rows.add(new Row(compared.series(), Optional.of(compared.reference()), target));
    }

    void add(Series series, String target) {
        rows.add(new Row(series, Optional.empty(), target));
    }

    /** The table, in Markdown. */
    String table() throws IOException {
        StringBuilder table = new StringBuilder();
        table.append("%s, %s; load average %s at the beginning, %s at the end%n%n".formatted(begin, machine, load, load()));
        table.append("| %-54s | %4s | %10s | %10s | %-25s | %6s | %-12s |%n"
                .formatted("measured", "runs", "median", "p90", "reference", "ratio", "target"));
        table.append("|%s|%s:|%s:|%s:|%s|%s:|%s|%n"
                .formatted(dashes(56), dashes(5), dashes(11), dashes(11), dashes(27), dashes(7), dashes(14)));
        for (Row row : rows) {
            table.append("| %-54s | %4d | %10s | %10s | %-25s | %6s | %-12s |%n"
                    .formatted(
                            row.series.name(),
                            row.series.size(),
                            quantity(row.series.median(), row.series.unit()),
                            quantity(row.series.p90(), row.series.unit()),
                            row.reference.map(Report::referred).orElse(""),
                            row.ratio().map(ratio -> String.format(Locale.ROOT, "%.2f", ratio)).orElse(""),
                            row.target));
        }
        return table.toString();
    }

    /** Appends one object a row. */
    void appendTo(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Row row : rows) {
            String reference = row.reference
                    .map(other -> String.format(
                            Locale.ROOT,
                            ",\"reference\":\"%s\",\"reference-median\":%.3f",
                            other.name(),
                            other.median()))
                    .orElse("");
            String ratio = row.ratio()
                    .map(value -> String.format(Locale.ROOT, ",\"ratio\":%.3f", value))
                    .orElse("");
            lines.add(String.format(
                    Locale.ROOT,
                    "{\"run\":\"%s\",\"machine\":\"%s\",\"load\":\"%s\",\"name\":\"%s\",\"unit\":\"%s\",\"runs\":%d,\"median\":%.3f,\"p90\":%.3f%s%s}",
                    begin,
                    machine,
                    load,
                    row.series.name(),
                    row.series.unit(),
                    row.series.size(),
                    row.series.median(),
                    row.series.p90(),
                    reference,
                    ratio));
        }
        Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String quantity(double value, String unit) {
        return String.format(Locale.ROOT, "%.2f %s", value, unit);
    }

    private static String referred(Series reference) {
        return reference.name() + ", " + quantity(reference.median(), reference.unit());
    }

    private static String dashes(int number) {
        return "-".repeat(number);
    }

    private static String machine() {
        String kernel = System.getProperty("os.version");
        return Runtime.getRuntime().availableProcessors() + " cores, Linux " + kernel + ", Java " + Runtime.version();
    }

    /** The first figure of {@code /proc/loadavg}: runnable processes over the last minute. */
    private static String load() {
        try {
            return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
