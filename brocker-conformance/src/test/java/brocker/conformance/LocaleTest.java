package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon and a client without a locale, as cron and systemd start them, and tables of users that are not UTF-8. */
class LocaleTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static String name = "";

    @BeforeAll
    static void startWithoutALocale() throws IOException {
        BROCKERD.stop();
        BROCKERD.startBy(List.of("env", "-u", "LANG", "-u", "LC_ALL", "-u", "LC_CTYPE"));
        // By commands, as the names of files are this process's locale's.
        Outcome.of(
                "sh",
                "-c",
                "mkdir -p '%s/gr\u00f6\u00dfe' && echo in >'%s/gr\u00f6\u00dfe/f' && echo up >'%s/stra\u00dfe.txt'"
                        .replace("%s", BROCKERD.work().toString()));
        BROCKERD.addService("{\"name\": \"named\"}");
        name = BROCKERD.runTool("named", "sleep");
    }

    /** The client with no environment but what it needs. */
    private static Outcome bare(String... arguments) {
        List<String> words = new ArrayList<>(List.of("env", "-i", "PATH=" + System.getenv("PATH")));
        BROCKERD.clientEnv().forEach((key, value) -> words.add(key + "=" + value));
        words.addAll(Outcome.command(Distribution.program("brocker-client"), arguments));
        return Outcome.run(words, Map.of(), new byte[0]);
    }

    @Test
    void filesAndMountsHaveAnyName() {
        Path file = BROCKERD.file("named.json", """
                {"service-name": "named", "files": ["stra\u00dfe.txt"], "command": ["sh", "-c", "cat /app/*.txt /mnt/\u00e9/f; ls /app"],
                 "mounts": [{"source": "%s/gr\u00f6\u00dfe", "target": "/mnt/\u00e9"}]}
                """.formatted(BROCKERD.work()));

        assertThat(bare("container", "run", "--attach", file.toString())
                        .succeeded()
                        .stdout())
                .isEqualTo("up\nin\nstra\u00dfe.txt\n");
    }

    @Test
    void argumentsAreTheBytesThatWereTyped() {
        Outcome outcome = bare("container", "exec", name, "printf", "%s", "\u00e9");

        assertThat(outcome.succeeded().stdoutBytes()).isEqualTo("\u00e9".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void tablesOfUsersMayHaveAnyBytes() throws IOException {
        Path passwd = BROCKERD.work().resolve("passwd");
        Files.writeString(
                passwd,
                Files.readString(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1)
                        + "andre:x:1510:1510:Andr\u00e9:/home/andre:/bin/sh\n",
                StandardCharsets.ISO_8859_1);
        Outcome.of("mount", "--bind", passwd.toString(), "/etc/passwd");
        try {
            BROCKERD.addService("{\"name\": \"tabled\"}");
            for (String user : List.of("andre", "www-data", "1000:1000")) {
                Path file = BROCKERD.file(
                        "tabled.json",
                        "{\"service-name\": \"tabled\", \"user\": \"" + user + "\", \"command\": [\"id\", \"-u\"]}");
                Outcome outcome = BROCKERD.client("container", "run", "--attach", file.toString());
                assertThat(outcome.succeeded().stdout()).isNotBlank();
            }
        } finally {
            Outcome.of("umount", "/etc/passwd");
        }
    }
}
