package brocker.daemon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.spec.BrockerException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DirectivesTest {
    private static final Directives TWO = new Directives(List.of("gzip off;", "foo bar;\n}"));

    private static String refused(Directives directives, String what, int line) {
        return "nginx: [warn] something else in /etc/nginx/nginx.conf:1\nnginx: [emerg] " + what + " in /etc/nginx/"
                + directives.file() + ":" + line
                + "\nnginx: configuration file /etc/nginx/nginx.conf.candidate test failed\n";
    }

    @Test
    void anEntryMayHaveSeveralLines() {
        assertThat(TWO.lines()).containsExactly("gzip off;", "foo bar;", "}");
        assertThat(TWO.text()).isEqualTo("gzip off;\nfoo bar;\n}\n");
        assertThat(new Directives(List.of()).none()).isTrue();
    }

    @Test
    void otherDirectivesAreAnotherFile() {
        assertThat(TWO.file()).matches("directives-[0-9a-f]{16}\\.conf");
        assertThat(new Directives(List.of("gzip off;")).file()).isNotEqualTo(TWO.file());
    }

    @Test
    void aRefusalNamesTheLineOfTheUser() {
        BrockerException refusal =
                TWO.refusal(refused(TWO, "unknown directive \"foo\"", 2)).orElseThrow();

        assertThat(refusal).isInstanceOf(BrockerException.Invalid.class);
        assertThat(refusal.code()).isEqualTo("invalid-nginx");
        assertThat(refusal.message())
                .isEqualTo("nginx refuses line 2 of \"nginx\", \"foo bar;\": unknown directive \"foo\"");
    }

    @Test
    void aMasterThatDoesNotStartLogsTheSame() {
        String logged = "2026/11/26 13:05:28 [emerg] 3#3: unknown directive \"foo\" in /etc/nginx/" + TWO.file() + ":2";

        assertThat(TWO.refusal(logged).orElseThrow().message())
                .isEqualTo("nginx refuses line 2 of \"nginx\", \"foo bar;\": unknown directive \"foo\"");
    }

    @Test
    void anEndThatIsMissedHasALineAndNoText() {
        assertThat(TWO.refusal(refused(TWO, "unexpected end of file, expecting \"}\"", 4))
                        .orElseThrow()
                        .message())
                .isEqualTo("nginx refuses line 4 of \"nginx\": unexpected end of file, expecting \"}\"");
    }

    @Test
    void whatIsNotTheUsersIsNotBlamedOnThem() {
        for (String said : List.of(
                "nginx: [emerg] unknown directive \"x\" in /etc/nginx/nginx.conf.candidate:7\n",
                "nginx: [alert] could not open error log file: open() failed\n")) {
            BrockerException refusal = TWO.refusal(said).orElseThrow();
            assertThat(refusal).isInstanceOf(BrockerException.Host.class);
            assertThat(refusal.message())
                    .isEqualTo("nginx refuses its configuration: "
                            + said.substring(said.indexOf(']') + 2).strip());
        }
        assertThat(TWO.refusal("killed")).isEmpty();
    }
}
