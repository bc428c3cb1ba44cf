package brocker.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brocker.spec.BrockerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CredentialsTest {
    private final Path root;
    private final Path etc;

    CredentialsTest(@TempDir Path root) {
        this.root = root;
        this.etc = root.resolve("etc");
    }

    @BeforeEach
    void writeTables() throws IOException {
        Files.createDirectory(etc);
        Files.writeString(etc.resolve("passwd"), """
                root:x:0:0:root:/root:/bin/bash
                shop:x:1000:1001:Shop,,,:/home/shop:/bin/sh
                1000:x:7:8::/:/bin/false
                """);
        Files.writeString(etc.resolve("group"), """
                root:x:0:
                shop:x:1001:
                audio:x:29:other,shop
                video:x:44:shop
                shopkeepers:x:50:shopkeeper
                short:x:51
                """);
    }

    @Test
    void knownUserBringsItsGroups() {
        assertThat(Credentials.resolve("shop", root)).isEqualTo(new Credentials(1000, 1001, List.of(29, 44)));
        assertThat(Credentials.resolve("root", root)).isEqualTo(Credentials.ROOT);
    }

    @Test
    void writtenGroupReplacesThem() {
        assertThat(Credentials.resolve("shop:video", root)).isEqualTo(new Credentials(1000, 44, List.of()));
        assertThat(Credentials.resolve("shop:9999", root)).isEqualTo(new Credentials(1000, 9999, List.of()));
        assertThat(Credentials.resolve("0:short", root)).isEqualTo(new Credentials(0, 51, List.of()));
    }

    @Test
    void tablesMayBeInAnyEncodingAndHaveRowsOfNis() throws IOException {
        Files.writeString(
                etc.resolve("passwd"),
                "andre:x:1510:1511:Andr\u00e9:/home/andre:/bin/sh\n+::::::\nnobody:x:4294967294:4294967294::/:/bin/false\n",
                StandardCharsets.ISO_8859_1);
        Files.writeString(etc.resolve("group"), "caf\u00e9:x:60:andre\n+:::andre\n", StandardCharsets.ISO_8859_1);

        assertThat(Credentials.resolve("andre", root)).isEqualTo(new Credentials(1510, 1511, List.of(60)));
        assertThat(Credentials.resolve("1000:1000", root)).isEqualTo(new Credentials(1000, 1000, List.of()));
    }

    @Test
    void numberNeedsNoEntry() {
        assertThat(Credentials.resolve("4242", root)).isEqualTo(new Credentials(4242, 4242, List.of()));
        assertThat(Credentials.resolve("4242:4243", root)).isEqualTo(new Credentials(4242, 4243, List.of()));
    }

    @Test
    @Timeout(10)
    void whatIsNoRegularFileInTheTreeCountsAsMissing() throws Exception {
        Path outside = Files.writeString(root.resolve("outside"), "shop:x:4:5::/:/bin/sh\n");
        Path tree = Files.createDirectory(root.resolve("tree"));
        Files.createDirectory(tree.resolve("etc"));
        Files.createSymbolicLink(tree.resolve("etc/passwd"), outside);
        assertThat(new ProcessBuilder("mkfifo", tree.resolve("etc/group").toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThat(Credentials.resolve("7", tree)).isEqualTo(new Credentials(7, 7, List.of()));
        assertUnknown("shop", tree);

        Path linked = Files.createDirectory(root.resolve("linked"));
        Files.createSymbolicLink(linked.resolve("etc"), etc);
        assertUnknown("shop", linked);
        assertUnknown("shop", root.resolve("none"));
    }

    /** A row of a hostile tree: -1 would tell the kernel to leave the id as it is. */
    @Test
    void rowsWithoutNumbersAreNone() throws IOException {
        Files.writeString(etc.resolve("passwd"), "shop:x:-1:0::/:/bin/sh\nbig:x:4294967295:0::/:/\nbad:x:a:b::/:/\n");
        for (String name : List.of("shop", "big", "bad")) {
            assertUnknown(name, root);
        }
    }

    private static void assertUnknown(String user, Path root) {
        assertThat(catchThrowableOfType(BrockerException.CannotStart.class, () -> Credentials.resolve(user, root))
                        .code())
                .isEqualTo("unknown-user");
    }

    @ParameterizedTest
    @CsvSource({
        "nobody-here, user, nobody-here, passwd",
        "shop:nobody-here, group, nobody-here, group",
        "-1, user, -1, passwd",
        "0:-1, group, -1, group",
        "4294967295, user, 4294967295, passwd",
        "'', user, '', passwd",
        "'shop:', group, '', group",
        "shop:video:x, group, video:x, group"
    })
    void unknownUserOrGroupIsNamedWithTheFile(String text, String what, String name, String file) {
        BrockerException refusal =
                catchThrowableOfType(BrockerException.CannotStart.class, () -> Credentials.resolve(text, root));

        assertThat(refusal.code()).isEqualTo("unknown-user");
        assertThat(refusal.message()).isEqualTo("there is no " + what + " \"" + name + "\"");
        assertThat(refusal.hint().orElse("")).contains("\"" + etc.resolve(file) + "\"");
    }
}
