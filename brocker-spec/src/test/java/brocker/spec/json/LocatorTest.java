package brocker.spec.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonToken;

final class LocatorTest {
    private static final String TEXT = """
            {
              "a": {"b": 1},
              "list": [
                10,
                {"x": [], "y":
                  true}
              ],
              "last": null
            }
            """;

    private static Optional<Locator.Place> find(String... path) {
        return Locator.find(TEXT, List.of(path));
    }

    @Test
    void memberIsOnTheLineOfItsKey() {
        assertThat(find("a")).contains(new Locator.Place(2, JsonToken.START_OBJECT));
        assertThat(find("a", "b")).contains(new Locator.Place(2, JsonToken.VALUE_NUMBER_INT));
        assertThat(find("list", "1", "y")).contains(new Locator.Place(5, JsonToken.VALUE_TRUE));
        assertThat(find("last")).contains(new Locator.Place(8, JsonToken.VALUE_NULL));
    }

    @Test
    void elementIsOnItsOwnLine() {
        assertThat(find("list", "0")).contains(new Locator.Place(4, JsonToken.VALUE_NUMBER_INT));
        assertThat(find("list", "1")).contains(new Locator.Place(5, JsonToken.START_OBJECT));
    }

    @Test
    void wholeTextIsOnTheFirstLine() {
        assertThat(find()).contains(new Locator.Place(1, JsonToken.START_OBJECT));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThat(find("b")).isEmpty();
        assertThat(find("a", "b", "c")).isEmpty();
        assertThat(find("list", "2")).isEmpty();
        assertThat(find("list", "x")).isEmpty();
    }

    @Test
    void textThatIsNotJsonHasNothingToFind() {
        assertThat(Locator.find("{\"a\": oops}", List.of("a"))).isEmpty();
        assertThat(Locator.find("{\"a\": [1, 2", List.of("b"))).isEmpty();
        assertThat(Locator.find("{\"a\"", List.of("a"))).isEmpty();
    }
}
