package brocker.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class LogFormatTest {
    private static List<String> lines(String message, Throwable... thrown) {
        LogRecord entry = new LogRecord(Level.WARNING, message);
        for (Throwable one : thrown) {
            entry.setThrown(one);
        }
        return new LogFormat().format(entry).lines().toList();
    }

    @Test
    void messageIsOneLineWhateverItQuotes() {
        assertThat(lines("container \"a\u001b[2J\u009b\u202e\ninfo: all\tis well\r\u2028\" ended"))
                .containsExactly(
                        "WARNING: container \"a\\u001b[2J\\u009b\\u202e\\ninfo: all\tis well\\r\\u2028\" ended");
    }

    @Test
    void messageOfWhatWasThrownCannotLookLikeAnotherEntry() {
        IOException cause = new IOException("nginx said:\nSEVERE: \u001b[1mfire");
        IllegalStateException failure = new IllegalStateException("it\rfailed", cause);
        failure.addSuppressed(new IOException("on\nclosing"));
        assertThat(lines("a request failed", failure))
                .startsWith("WARNING: a request failed", "java.lang.IllegalStateException: it\\rfailed")
                .contains(
                        "\tSuppressed: java.io.IOException: on\\nclosing",
                        "Caused by: java.io.IOException: nginx said:\\nSEVERE: \\u001b[1mfire")
                .anyMatch(line -> line.startsWith("\tat ") && line.contains("LogFormatTest"))
                .noneMatch(line -> line.startsWith("SEVERE"));
    }

    @Test
    void everyMessageOfTheDaemonHasThisForm() {
        Logging.configure();
        assertThat(Logger.getLogger("").getHandlers())
                .isNotEmpty()
                .allSatisfy(handler -> assertThat(handler.getFormatter()).isInstanceOf(LogFormat.class));
    }

    @Test
    void circleOfCausesEnds() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);
        assertThat(lines("x", first)).hasSizeLessThan(1000).contains("Caused by: java.lang.Exception: first");
    }
}
