package brocker.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UndoTest {
    private final List<String> undone = new ArrayList<>();

    @Test
    void reversalsRunBackwards() {
        try (Undo undo = new Undo()) {
            undo.push(() -> undone.add("first"));
            undo.push(() -> undone.add("second"));
        }
        assertThat(undone).containsExactly("second", "first");
    }

    @Test
    void keptStepsAreNotUndoneButLaterOnesAre() {
        try (Undo undo = new Undo()) {
            undo.push(() -> undone.add("kept"));
            undo.keep();
            undo.push(() -> undone.add("later"));
        }
        assertThat(undone).containsExactly("later");
    }

    @Test
    void failureOfOneReversalKeepsNoOtherFromRunning() {
        Undo undo = new Undo();
        undo.push(() -> undone.add("first"));
        undo.push(() -> {
            throw new IOException("a");
        });
        undo.push(() -> {
            throw new IllegalStateException("b");
        });
        Throwable failure = catchThrowable(undo::close);

        assertThat(undone).containsExactly("first");
        assertThat(failure).hasMessage("taking back what was made").hasRootCauseMessage("b");
        assertThat(failure.getSuppressed()).extracting(Throwable::getMessage).containsExactly("a");
    }

    @Test
    void failureThatLedToItIsTheOneThatIsSeen() {
        assertThatThrownBy(() -> {
                    try (Undo undo = new Undo()) {
                        undo.push(() -> {
                            throw new IOException("a");
                        });
                        throw new IllegalArgumentException("the cause");
                    }
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the cause");
    }
}
