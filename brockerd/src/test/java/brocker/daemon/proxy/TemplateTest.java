package brocker.daemon.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class TemplateTest {
    private static String fill(String text, Map<String, String> values) {
        return new Template("test", text).fill(values);
    }

    @Test
    void placeWithinALineTakesItsValue() {
        assertThat(fill("listen {{address}}:{{port}};", Map.of("address", "10.0.0.1", "port", "80")))
                .isEqualTo("listen 10.0.0.1:80;\n");
    }

    @Test
    void placeAloneOnItsLineTakesLinesAndIndentsThem() {
        assertThat(fill("a {\n    {{body}}\n}\n", Map.of("body", "b {\n    c;\n\n}\n")))
                .isEqualTo("a {\n    b {\n        c;\n\n    }\n}\n");
    }

    @Test
    void nothingInAPlaceAloneLeavesNoLine() {
        assertThat(fill("a;\n    {{more}}\nb;\n", Map.of("more", ""))).isEqualTo("a;\nb;\n");
    }

    @Test
    void whatAValueContainsIsNotFilledAgain() {
        assertThat(fill("{{a}} {{b}}", Map.of("a", "{{b}} $1 \\", "b", "$uri"))).isEqualTo("{{b}} $1 \\ $uri\n");
    }

    @Test
    void placesAndValuesHaveToMatch() {
        assertThatThrownBy(() -> fill("a {{b}};", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the template \"test\" needs a value for \"b\"");
        assertThatThrownBy(() -> fill("a;", Map.of("b", "c")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the template \"test\" has no place for [b]");
        assertThatThrownBy(() -> fill("a {{b}};", Map.of("b", "c\nd")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the template \"test\" takes one line as \"b\"");
        assertThatThrownBy(() -> Template.ours("none"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no template \"none.conf.template\"");
    }
}
