package brocker.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brocker.spec.BrockerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenTest {
    private final Path file;

    TokenTest(@TempDir Path directory) {
        this.file = directory.resolve("token");
    }

    @Test
    void tokenIsRandomAndItsFileIsNotForEverybody() throws Exception {
        Token token = Token.in(file);

        assertThat(token.value()).matches("[0-9a-f]{64}");
        assertThat(file).hasContent(token.value() + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .matches("rw-(r--|---)---");
        assertThat(Token.in(file.resolveSibling("other"))).isNotEqualTo(token);
        assertThat(file.resolveSibling("token.new")).doesNotExist();
    }

    @Test
    void tokenOutlivesTheDaemon() {
        assertThat(Token.in(file)).isEqualTo(Token.in(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "short", "0123"})
    void damagedTokenIsReplaced(String content) throws Exception {
        Files.writeString(file, content);

        Token token = Token.in(file);
        assertThat(token.value()).hasSize(64);
        assertThat(Token.in(file)).isEqualTo(token);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .matches("rw-(r--|---)---");
    }

    @Test
    void onlyTheTokenItselfIsAccepted() {
        Token token = Token.in(file);
        String value = token.value();

        assertThatCode(() -> token.require("Bearer " + value)).doesNotThrowAnyException();
        assertThatThrownBy(() -> token.require("")).hasMessage("the request shows no token");
        for (String wrong : new String[] {
            value, "Bearer ", "Bearer x", "Basic " + value, "Bearer " + value + "0", "Bearer " + value.substring(1), "ü"
        }) {
            assertThatThrownBy(() -> token.require(wrong))
                    .isInstanceOf(BrockerException.Unauthorized.class)
                    .hasMessage("the token is not this daemon's");
        }
    }
}
