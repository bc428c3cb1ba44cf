package brocker.spec.wire;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.spec.BrockerException;
import brocker.spec.json.Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ProblemTest {
    record Failure(BrockerException exception, int status, String title) {}

    static List<Failure> failures() {
        return List.of(
                new Failure(new BrockerException.Invalid("a-b", "the \"x\"", "do y"), 400, "Bad Request"),
                new Failure(new BrockerException.Unauthorized("a-b", "the \"x\"", "do y"), 401, "Unauthorized"),
                new Failure(new BrockerException.NotFound("a-b", "the \"x\"", "do y"), 404, "Not Found"),
                new Failure(new BrockerException.Conflict("a-b", "the \"x\"", "do y"), 409, "Conflict"),
                new Failure(new BrockerException.TooLarge("a-b", "the \"x\"", "do y"), 413, "Content Too Large"),
                new Failure(new BrockerException.CannotStart("a-b", "the \"x\"", ""), 422, "Unprocessable Content"),
                new Failure(new BrockerException.Host("a-b", "the \"x\"", ""), 500, "Internal Server Error"),
                new Failure(new BrockerException.Unreachable("a-b", "the \"x\"", ""), 503, "Service Unavailable"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failureComesOutOfTheWireAsItWentIn(Failure failure) {
        Problem problem = Problem.of(failure.exception);
        BrockerException back =
                Json.read("answer", Json.write(problem), Problem.class).toException();

        assertThat(problem.status()).isEqualTo(failure.status);
        assertThat(problem.title()).isEqualTo(failure.title);
        assertThat(problem.type()).isEqualTo("about:blank");
        assertThat(back).hasSameClassAs(failure.exception);
        assertThat(back.code()).isEqualTo("a-b");
        assertThat(back.message()).isEqualTo("the \"x\"");
        assertThat(back.hint()).isEqualTo(failure.exception.hint());
    }

    @Test
    void everyKindOfFailureIsTried() {
        List<String> tried = failures().stream()
                .map(failure -> failure.exception.getClass().getName())
                .toList();
        assertThat(BrockerException.class.getPermittedSubclasses())
                .extracting(Class::getName)
                .containsExactlyInAnyOrderElementsOf(tried);
    }

    @Test
    void unknownStatusIsOursOrTheHosts() {
        assertThat(new Problem("about:blank", "?", 405, "c", "d", Optional.empty()).toException())
                .isInstanceOf(BrockerException.Invalid.class);
        assertThat(new Problem("about:blank", "?", 502, "c", "d", Optional.empty()).toException())
                .isInstanceOf(BrockerException.Host.class);
    }
}
