package brocker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of services, containers and artifacts. */
final class NameTest {
    private static final Instant CREATED = Instant.parse("2026-11-23T19:25:26.123456789Z");
    private static final String DIGEST = "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "0",
                "shop",
                "my-shop-2",
                "a--b",
                "a23456789012345678901234567890123456789012345678901234567890123"
            })
    void serviceNameIsADnsLabel(String text) {
        assertThat(new ServiceName(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-a",
                "a-",
                "Shop",
                "a_b",
                "a.b",
                "a b",
                "ü",
                "a\n",
                "../a",
                "a/b",
                "a234567890123456789012345678901234567890123456789012345678901234"
            })
    void whatIsNoDnsLabelIsRefused(String text) {
        assertThat(Refusal.of(() -> new ServiceName(text)).code()).isEqualTo("invalid-service-name");
    }

    @Test
    void containerNameIsTheSha1OfTimestampAndCommand() throws Exception {
        ContainerName name = ContainerName.of(CREATED, new Command(List.of("/bin/echo", "a b")));
        byte[] digested = MessageDigest.getInstance("SHA-1")
                .digest("2026-11-23T19:25:26.123456789Z\0/bin/echo\0a b".getBytes(StandardCharsets.UTF_8));

        assertThat(name).hasToString(HexFormat.of().formatHex(digested));
        assertThat(name.value()).hasSize(40).startsWith(name.abbreviated());
        assertThat(name.abbreviated()).hasSize(12);
    }

    @Test
    void sameTimestampAndCommandGiveTheSameNameAndOthersAnother() {
        ContainerName name = ContainerName.of(CREATED, Command.parse("a b c"));

        assertThat(ContainerName.of(CREATED, Command.parse("a b c"))).isEqualTo(name);
        assertThat(ContainerName.of(CREATED.plusNanos(1), Command.parse("a b c")))
                .isNotEqualTo(name);
        assertThat(ContainerName.of(CREATED, Command.parse("a 'b c'"))).isNotEqualTo(name);
        assertThat(ContainerName.of(CREATED, Command.parse("a bc"))).isNotEqualTo(name);
    }

    @Test
    void containerNameHasFortyHexadecimalDigits() {
        String digits = "0123456789abcdef0123456789abcdef01234567";

        assertThat(new ContainerName(digits).compareTo(new ContainerName(digits.replace('0', '1'))))
                .isNegative();
        for (String wrong : List.of("", "0123", digits + "0", digits.replace('a', 'A'), digits.replace('a', 'g'))) {
            assertThat(Refusal.of(() -> new ContainerName(wrong)).code()).isEqualTo("invalid-container-name");
        }
        assertThat(ContainerName.isPrefix("0a")).isTrue();
        assertThat(ContainerName.isPrefix(digits)).isTrue();
        assertThat(ContainerName.isPrefix(digits + "0")).isFalse();
        assertThat(ContainerName.isPrefix("")).isFalse();
        assertThat(ContainerName.isPrefix("0A")).isFalse();
        assertThat(ContainerName.isPrefix("..")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "/a", "a/", "a\0b"})
    void artifactThatIsNoFileNameIsRefused(String name) {
        BrockerException.Invalid refusal = Refusal.of(() -> new Artifact(name, DIGEST, false, false));

        assertThat(refusal.code()).isEqualTo("invalid-artifact");
        assertThat(refusal.key()).isEqualTo("name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0123",
                "../../../etc/passwd",
                "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef"
            })
    void artifactWithoutADigestIsRefused(String digest) {
        assertThat(Refusal.of(() -> new Artifact("a.jar", digest, false, false)).key())
                .isEqualTo("sha256");
    }

    @Test
    void artifactIsAFileNameAndADigest() {
        assertThat(new Artifact("a".repeat(255), DIGEST, false, false).sha256()).isEqualTo(DIGEST);
        assertThat(new Artifact("...", DIGEST, false, false).name()).isEqualTo("...");
        assertThat(Refusal.of(() -> new Artifact("a".repeat(256), DIGEST, false, false))
                        .key())
                .isEqualTo("name");
    }
}
