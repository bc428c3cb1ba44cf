import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs test classes ({@code brocker.A}) and methods ({@code brocker.A#one}) one after the other, and prints a line for each test and
 * {@code N passed, N failed} at the end. Maven itself would take longer to start on an emulated processor than the tests take.
 * Ends with 1 when one failed, or was skipped, or there was none.
 */
final class RunTests implements TestExecutionListener {
    private long started;
    private int passed;
    private final List<String> failed = new ArrayList<>();

    private RunTests() {}

    public static void main(String[] names) {
        List<DiscoverySelector> selectors = Stream.of(names)
                .<DiscoverySelector>map(name -> name.contains("#") ? selectMethod(name) : selectClass(name))
                .toList();
        RunTests listener = new RunTests();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectors)
                                .build(),
                        listener);
        listener.failed.forEach(name -> System.out.println("FAILED " + name));
        System.out.println(listener.passed + " passed, " + listener.failed.size() + " failed");
        System.exit(listener.failed.isEmpty() && listener.passed >= names.length ? 0 : 1);
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (test.isTest()) {
            started = System.nanoTime();
        }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        fail(test, "skipped: " + reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
            fail(test, "failed");
            result.getThrowable().ifPresent(failure -> failure.printStackTrace(System.out));
        } else if (test.isTest()) {
            passed++;
            say(test, "passed");
        }
    }

    private void fail(TestIdentifier test, String how) {
        failed.add(name(test));
        say(test, how);
    }

    private void say(TestIdentifier test, String how) {
        long millis = test.isTest() ? Duration.ofNanos(System.nanoTime() - started).toMillis() : 0;
        System.out.printf(Locale.ROOT, "%6.1f s  %s: %s%n", millis / 1000.0, name(test), how);
    }

    /** {@code Class.method()[1]}. */
    private static String name(TestIdentifier test) {
        StringBuilder name = new StringBuilder();
        test.getUniqueIdObject().getSegments().stream()
                .skip(1)
                .forEach(segment -> name.append(
                        switch (segment.getType()) {
                            case "class" -> segment.getValue().replaceAll(".*\\.", "");
                            case "method", "test-template" -> "." + segment.getValue().replaceAll("\\(.*", "");
                            default -> "[" + segment.getValue() + "]";
                        }));
        return name.toString();
    }
}
