package brocker.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OrdersTest {
    private static String text(Orders orders) {
        return new String(orders.bytes(), StandardCharsets.UTF_8).replace('\0', '|');
    }

    @Test
    void verbAndArgumentsEndWithANul() {
        assertThat(new Orders().add("user", 1000, 100).bytes())
                .isEqualTo("user\0001000\000100\0".getBytes(StandardCharsets.US_ASCII));
        assertThat(text(new Orders().add("root-read-only"))).isEqualTo("root-read-only|");
        assertThat(new Orders().bytes()).isEmpty();
    }

    @Test
    void emptyArgumentIsAnArgument() {
        assertThat(text(new Orders().add("mount", "/a", "/b", "", 4096L, ""))).isEqualTo("mount|/a|/b||4096||");
    }

    @Test
    void verbIsRepeatedForEachArgument() {
        assertThat(text(new Orders().each("mask", List.of("/a", Path.of("/b"))).each("group", List.of())))
                .isEqualTo("mask|/a|mask|/b|");
    }

    @Test
    void ordersKeepTheirOrderAndAreUtf8() {
        assertThat(text(new Orders().add("env", "A=ü").add("argument", "€"))).isEqualTo("env|A=ü|argument|€|");
    }

    @Test
    void argumentWithANulIsRefused() {
        assertThatThrownBy(() -> new Orders().add("argument", "a\0sockets"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
