package brocker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EscapedTest {
    @Test
    void plainTextOfEveryScriptStaysAsItIs() {
        String text = "shop-1: größer, 値段, שלום, العربية, \ud83d\ude80 \\u001b ~";
        assertThat(Escaped.of(text)).isEqualTo(text);
        assertThat(Escaped.line(text)).isEqualTo(text);
        assertThat(Escaped.json(text)).isEqualTo(text);
    }

    @Test
    void everyControlIsEscaped() {
        for (char c = 0; c < 0xa0; c++) {
            boolean control = c < ' ' || c >= 0x7f;
            assertThat(Escaped.of("a" + c + "b")).as("U+%04x", (int) c).matches(control ? "a\\\\[a-z0-9]+b" : "a.b");
        }
        assertThat(Escaped.of("a\u001b]0;x\u0007\u009b1m\t\r\n")).isEqualTo("a\\u001b]0;x\\u0007\\u009b1m\\t\\r\\n");
    }

    @Test
    void whatReordersHidesOrBreaksALineIsEscaped() {
        String order = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c";
        String hidden = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e";
        String lines = "\u2028\u2029\u0085";
        for (char c : (order + hidden + lines).toCharArray()) {
            assertThat(Escaped.of("a" + c + "b")).isEqualTo("a\\u%04xb".formatted((int) c));
            assertThat(Escaped.line("a" + c + "b")).isEqualTo("a\\u%04xb".formatted((int) c));
            assertThat(Escaped.json("a" + c + "b")).isEqualTo("a\\u%04xb".formatted((int) c));
        }
        String tag = Character.toString(0xe0041);
        assertThat(Escaped.of(tag)).isEqualTo("\\udb40\\udc41");
        assertThat(Escaped.json(tag)).isEqualTo("\\udb40\\udc41");
        assertThat(Escaped.of("\ud800x")).isEqualTo("\\ud800x");
    }

    @Test
    void tabsStayInALineAndLineEndsInJson() {
        assertThat(Escaped.line("\ta\tb\u001b\r\n")).isEqualTo("\ta\tb\\u001b\\r\\n");
        assertThat(Escaped.json("{\r\n\"a\": \"\u007f\"}")).isEqualTo("{\r\n\"a\": \"\\u007f\"}");
    }
}
