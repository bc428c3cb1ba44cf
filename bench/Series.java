import java.util.ArrayList;
import java.util.List;

/** Samples of one quantity, in one unit, in the order they were taken. */
final class Series {
    private final String name;
    private final String unit;
    private final List<Double> samples = new ArrayList<>();

    Series(String name, String unit) {
        this.name = name;
        this.unit = unit;
    }

    static Series millis(String name) {
        return new Series(name, "ms");
    }

    static Series megabytes(String name) {
        return new Series(name, "MB");
    }

    String name() {
        return name;
    }

    String unit() {
        return unit;
    }

    int size() {
        return samples.size();
    }

    void add(double sample) {
        samples.add(sample);
    }

    double median() {
        List<Double> sorted = sorted();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The smallest sample that nine of ten do not exceed. */
    double p90() {
        List<Double> sorted = sorted();
        return sorted.get((int) Math.ceil(sorted.size() * 0.9) - 1);
    }

    private List<Double> sorted() {
        if (samples.isEmpty()) {
            throw new IllegalStateException("no samples of \"" + name + "\"");
        }
        return samples.stream().sorted().toList();
    }
}
