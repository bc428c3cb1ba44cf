package brocker.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brocker.kernel.Linux;
import brocker.kernel.Pipe;
import brocker.spec.BrockerException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StartStatusTest {
    private static BrockerException failure(String message) {
        return StartStatus.failure(
                message.replace('|', '\0').getBytes(StandardCharsets.UTF_8), UnaryOperator.identity());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            exec|2|/usr/bin/jav|;               CannotStart; cannot-start; cannot start: "/usr/bin/jav": no such file or directory
            exec|13|/app/a.jar|;                CannotStart; cannot-start; cannot start: "/app/a.jar": permission denied
            exec|8|/app/a.sh|;                  CannotStart; cannot-start; cannot start: "/app/a.sh": exec format error
            working-directory|2|/nowhere|;      CannotStart; cannot-start; cannot start: the working directory "/nowhere": no such file or directory
            mount|20|/data|;                    CannotStart; cannot-mount; cannot mount "/data": not a directory
            cgroup|16|/sys/fs/cgroup/x/tasks|;  Host;        start-failed; cannot start: cgroup "/sys/fs/cgroup/x/tasks": device or resource busy
            fork|12||;                          Host;        start-failed; cannot start: fork "": cannot allocate memory
            fork|11|clone|;                     CannotStart; too-many-processes; cannot start: no more processes and threads are allowed
            """)
    void failureNamesStageObjectAndReason(String message, String kind, String code, String text) {
        BrockerException failure = failure(message);

        assertThat(failure.getClass().getSimpleName()).isEqualTo(kind);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.message()).isEqualTo(text);
    }

    @Test
    void hintSaysWhatToDoAboutTheCommand() {
        assertThat(failure("exec|2|/x|").hint().orElse("")).contains("\"copy-file\"");
        assertThat(failure("exec|13|/x|").hint().orElse("")).contains("must be executable");
        assertThat(failure("exec|8|/x|").hint().orElse("")).contains("#!");
        assertThat(failure("exec|7|/x|").hint()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"e", "exec", "exec|", "exec|2", "exec|2x|/a|", "exec||/a|", "exec|0|/a|"})
    void messageThatWasCutOffIsAFailureOfTheHost(String message) {
        assertThat(failure(message)).isInstanceOf(BrockerException.Host.class);
        assertThat(failure(message).message()).isEqualTo("cannot start: brocker-run died while it reported");
    }

    @Test
    void endOfTheStatusPipeWithoutAMessageIsSuccess() {
        try (Pipe pipe = Linux.pipe2()) {
            pipe.write().close();
            assertThatCode(() -> StartStatus.await(pipe.read(), UnaryOperator.identity()))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void messageInTheStatusPipeIsTheFailure() {
        byte[] message = "exec\0002\000/x\0".getBytes(StandardCharsets.UTF_8);
        try (Pipe pipe = Linux.pipe2()) {
            Linux.writeFully(pipe.write(), message, 0, message.length);
            pipe.write().close();
            assertThatThrownBy(() -> StartStatus.await(pipe.read(), UnaryOperator.identity()))
                    .isInstanceOf(BrockerException.CannotStart.class)
                    .hasMessage("cannot start: \"/x\": no such file or directory");
        }
    }
}
