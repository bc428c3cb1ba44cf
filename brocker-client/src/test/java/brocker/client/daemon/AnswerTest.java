package brocker.client.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brocker.spec.BrockerException;
import brocker.spec.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {
    @Test
    void whatIsQuotedIsReadAgain() {
        for (String text : List.of("", "a b", "\"\\/", "\n\t\0\u001f", "ä€\ud83d\ude00", "\ud83d", "\u007f")) {
            assertThat(JsonText.read(JsonText.quoted(text))).isEqualTo(text);
            assertThat(Json.read("test", JsonText.quoted(text), String.class)).isEqualTo(text);
            assertThat(JsonText.quoted(text)).matches("[^\\x00-\\x1f]*");
        }
    }

    @Test
    void valuesOfEveryKindAreRead() {
        assertThat(
                        JsonText.read(
                                " {\"a\" : \"x\",\"b\":[ 1 , -0.5e+3,\"y\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\uD83D\\uDE00\"],\r\n\t\"c\":{\"d\":true,\"e\":false},\"f\":null,\"\":[],\"g\":{}}\n"))
                .isEqualTo(Map.of(
                        "a", "x",
                        "b", List.of("1", "-0.5e+3", "y\"\\/\b\f\n\r\tä😀"),
                        "c", Map.of("d", true, "e", false),
                        "", List.of(),
                        "g", Map.of()));
        assertThat(JsonText.read("\"\"")).isEqualTo("");
        assertThat(JsonText.read("0")).isEqualTo("0");
        assertThat(JsonText.read("[null]")).isEqualTo(List.of("null"));
        assertThat(JsonText.read("[\"plain\",\"\\\\\",\"plain\"]")).isEqualTo(List.of("plain", "\\", "plain"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "\"",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{a:1}",
                "{\"a\" 1}",
                "{,}",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "]",
                "1 2",
                "{}x",
                "01",
                "-",
                "1.",
                ".5",
                "1e",
                "+1",
                "0x1",
                "NaN",
                "tru",
                "True",
                "nul",
                "'a'",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\\u12\"",
                "\"\\",
                "\"\\\"",
                "\u00a01",
                "\u00001",
                "<html>"
            })
    void whatIsNotJsonIsRefused(String text) {
        assertThatThrownBy(() -> JsonText.read(text))
                .isInstanceOf(BrockerException.Host.class)
                .hasMessageContaining("not understood");
    }

    @Test
    void nestingHasALimit() {
        assertThat(JsonText.read("[".repeat(100) + "]".repeat(100))).isInstanceOf(List.class);
        assertThat(JsonText.read("[[]" + ",[]".repeat(200) + "]")).isInstanceOf(List.class);
        assertThatThrownBy(() -> JsonText.read("[".repeat(101) + "]".repeat(101)))
                .isInstanceOf(BrockerException.Host.class);
        assertThatThrownBy(() -> JsonText.read("[".repeat(1_000_000))).isInstanceOf(BrockerException.Host.class);
    }

    @Test
    void objectAndArrayAreNotTakenForEachOther() {
        assertThatThrownBy(() -> Answer.array("{}")).hasMessageContaining("it is not an array");
        assertThatThrownBy(() -> Answer.array("[1]")).hasMessageContaining("it is not an object");
        assertThatThrownBy(() -> Answer.object("[]")).hasMessageContaining("it is not an object");
        assertThatThrownBy(() -> Answer.object("{}").text("name")).hasMessageContaining("\"name\" is missing");
    }
}
