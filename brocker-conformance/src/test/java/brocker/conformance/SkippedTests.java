package brocker.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Fails the build when a test is skipped that {@code skips.txt} does not list: one test a line, as {@code Class.method: why}. JUnit
 * swallows what a listener throws, so the test JVM is ended instead, with a code that Surefire reports as a failure.
 */
public final class SkippedTests implements TestExecutionListener {
    private static final int FAILED = 3;

    private final List<String> unlisted = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        note(test, reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == Status.ABORTED) {
            note(test, result.getThrowable().map(Throwable::getMessage).orElse(""));
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        if (!unlisted.isEmpty()) {
            unlisted.forEach(line -> System.err.println("skipped, but not listed in skips.txt: " + line));
            System.err.flush();
            Runtime.getRuntime().halt(FAILED);
        }
    }

    private void note(TestIdentifier test, String reason) {
        String name = test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .map(method -> method.getJavaClass().getSimpleName() + "." + method.getMethodName())
                .orElseGet(test::getLegacyReportingName);
        String line = name + ": " + reason;
        if (!listed().contains(line)) {
            unlisted.add(line);
        }
    }

    private static List<String> listed() {
        try (InputStream in = Objects.requireNonNull(SkippedTests.class.getResourceAsStream("/skips.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
