package brocker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandTest {
    record Line(String line, List<String> words) {}

    static List<Line> lines() {
        return List.of(
                new Line("a", List.of("a")),
                new Line("  a \t b\n c ", List.of("a", "b", "c")),
                new Line("a 'b c' d", List.of("a", "b c", "d")),
                new Line("a \"b c\" d", List.of("a", "b c", "d")),
                new Line("a'b'\"c\"d", List.of("abcd")),
                new Line("a '' \"\"", List.of("a", "", "")),
                new Line("a\\ b", List.of("a b")),
                new Line("a \\'", List.of("a", "'")),
                new Line("a 'b\\'", List.of("a", "b\\")),
                new Line("a 'b\"c'", List.of("a", "b\"c")),
                new Line("a \"b'c\"", List.of("a", "b'c")),
                new Line("a \"\\\"\\\\\\$\\`\"", List.of("a", "\"\\$`")),
                new Line("a \"b\\c\"", List.of("a", "b\\c")),
                new Line("a $HOME *.jar | b > c", List.of("a", "$HOME", "*.jar", "|", "b", ">", "c")),
                new Line("a b\\\nc", List.of("a", "bc")),
                new Line("a \\\n b", List.of("a", "b")),
                new Line("a \"b\\\nc\"", List.of("a", "bc")),
                new Line("a 'b\nc'", List.of("a", "b\nc")));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void lineIsSplitAsTheShellSplitsIt(Line line) {
        assertThat(Command.parse(line.line).arguments()).isEqualTo(line.words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a 'b", "a \"b", "a \"b\\\"", "a \\", "a 'b' 'c d"})
    void unclosedQuoteIsRefusedWithTheLine(String line) {
        BrockerException.Invalid refusal = Refusal.of(() -> Command.parse(line));

        assertThat(refusal.code()).isEqualTo("invalid-command");
        assertThat(refusal.message()).contains("is not closed in \"" + line + "\"");
        assertThat(refusal.hint()).contains("close it, or write the command as an array of strings");
    }

    @Test
    void commandWithoutAProgramIsRefused() {
        assertThat(Refusal.of(() -> Command.parse("")).message()).isEqualTo("the command is empty");
        assertThat(Refusal.of(() -> Command.parse(" \n ")).message()).isEqualTo("the command is empty");
        assertThat(Refusal.of(() -> Command.parse("'' a")).message()).isEqualTo("the command is empty");
        assertThat(Refusal.of(() -> new Command(List.of())).message()).isEqualTo("the command is empty");
        assertThat(Refusal.of(() -> new Command(List.of("a", "b\0c"))).message())
                .isEqualTo("the command contains a NUL character");
    }

    @Test
    void jsonIsAStringOrAnArrayOfStrings() {
        assertThat(Command.fromJson("a 'b c'")).isEqualTo(Command.fromJson(List.of("a", "b c")));
        assertThat(Refusal.of(() -> Command.fromJson(List.of("a", 1))).message())
                .isEqualTo("a command is a string or an array of strings");
    }

    @Test
    void whatIsWrittenAsALineIsReadAsTheSameCommand() {
        Random random = Seeded.random("whatIsWrittenAsALineIsReadAsTheSameCommand");
        for (int i = 0; i < 2_000; i++) {
            List<String> words = new ArrayList<>();
            words.add("x" + Seeded.text(random, "ab'\" \\", 3));
            int more = random.nextInt(5);
            for (int j = 0; j < more; j++) {
                words.add(Seeded.text(random, "aZ0-_./=:,@%+'\"\\$`#~*?&|;<>(){}[]! \t\n\rü€\uD83D\uDE00", 12));
            }
            Command command = new Command(words);
            assertThat(Command.parse(command.toString())).isEqualTo(command);
        }
    }

    @Test
    void plainWordsAreShownWithoutQuotes() {
        assertThat(new Command(List.of("/usr/bin/java", "-Dserver.port=8080", "", "it's")))
                .hasToString("/usr/bin/java -Dserver.port=8080 '' 'it'\\''s'");
    }
}
