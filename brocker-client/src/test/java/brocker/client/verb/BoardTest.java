package brocker.client.verb;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.client.text.Output;
import brocker.spec.ContainerName;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BoardTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private static Replica replica(char digit, String phase, String reason) {
        return new Replica(new ContainerName(String.valueOf(digit).repeat(40)), 2, phase, reason);
    }

    /** What is on the screen after everything that was printed: understands CUU, EL and ED as the board uses them. */
    private List<String> screen() {
        List<String> lines = new ArrayList<>();
        int row = 0;
        String text = out.toString(StandardCharsets.UTF_8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            while (lines.size() <= row) {
                lines.add("");
            }
            if (c == '\u001b') {
                int end = i + 2;
                while (Character.isDigit(text.charAt(end))) {
                    end++;
                }
                switch (text.charAt(end)) {
                    case 'A' -> row -= Integer.parseInt(text.substring(i + 2, end));
                    case 'K' -> assertThat(text.charAt(end + 1)).isEqualTo('\n');
                    case 'J' -> lines.subList(row, lines.size()).clear();
                    default -> throw new AssertionError(text.substring(i));
                }
                i = end;
            } else if (c == '\r') {
                lines.set(row, "");
            } else if (c == '\n') {
                row++;
            } else {
                lines.set(row, lines.get(row) + c);
            }
        }
        return lines;
    }

    @Test
    void terminalHasOneLineForEachReplicaWhichChanges() {
        Board board = new Board.Live(new Output(out), 60);
        board.ignore(replica('9', "gone", ""));
        board.show(List.of(replica('9', "gone", ""), replica('a', "healthy", ""), replica('b', "starting", "refused")));
        assertThat(screen())
                .containsExactly("aaaaaaaaaaaa  revision 2  healthy", "bbbbbbbbbbbb  revision 2  starting  refused");
        board.show(List.of(replica('a', "draining", ""), replica('b', "healthy", "")));
        assertThat(screen()).containsExactly("aaaaaaaaaaaa  revision 2  draining", "bbbbbbbbbbbb  revision 2  healthy");
        board.show(List.of(
                replica('a', "gone", ""), replica('b', "healthy", ""), replica('c', "probing", "x".repeat(99))));
        board.show(List.of(replica('b', "healthy", ""), replica('c', "probing", "x".repeat(99))));
        assertThat(screen())
                .containsExactly(
                        "aaaaaaaaaaaa  revision 2  gone",
                        "bbbbbbbbbbbb  revision 2  healthy",
                        "cccccccccccc  revision 2  probing  " + "x".repeat(23) + "…");
    }

    @Test
    void terminalIsLeftAloneWhereNothingHasChanged() {
        Board board = new Board.Live(new Output(out), 80);
        board.show(List.of(replica('a', "healthy", "")));
        int printed = out.size();
        board.show(List.of(replica('a', "healthy", "")));

        assertThat(out.size()).isEqualTo(printed);
    }

    @Test
    void screenOfATerminalIsNotOutgrown() {
        Board board = new Board.Live(new Output(out), 80);
        List<Replica> replicas = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            replicas.add(new Replica(new ContainerName("%040x".formatted(i)), i, "healthy", ""));
        }
        board.show(replicas);

        assertThat(screen()).hasSize(20).last().asString().contains("revision 29");
    }

    @Test
    void fileHasALineForEachStep() {
        Board board = new Board.Written(new Output(out));
        board.ignore(replica('9', "gone", ""));
        board.show(List.of(replica('9', "gone", ""), replica('a', "starting", "refused")));
        board.show(List.of(replica('a', "starting", "timeout")));
        board.show(List.of(replica('a', "healthy", "")));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("aaaaaaaaaaaa  revision 2  starting\naaaaaaaaaaaa  revision 2  healthy\n");
    }
}
