package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ProcessIdentityTest {
    @Test
    void startTimeIsFoundBehindACommandWithSpacesAndParentheses() {
        String rest = " S 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1000 0";
        assertThat(ProcessIdentity.startTicks("42 (a ) R (b) 1)" + rest)).isEqualTo(987654);
    }

    @Test
    void ownProcessHasOneIdentityAndAChildAnother() throws Exception {
        int own = Linux.getpid();
        assertThat(ProcessIdentity.of(own)).isPresent().isEqualTo(ProcessIdentity.of(own));
        Process child = new ProcessBuilder("sleep", "60").start();
        try {
            ProcessIdentity identity = ProcessIdentity.of((int) child.pid()).orElseThrow();
            assertThat(identity.startTicks())
                    .isGreaterThan(ProcessIdentity.of(own).orElseThrow().startTicks());
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(ProcessIdentity.of((int) child.pid())).isEmpty();
    }

    @Test
    void bootIdIsAUuid() {
        assertThat(ProcessIdentity.bootId()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    }
}
