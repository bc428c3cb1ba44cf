package brocker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CapabilityTest {
    private static final Set<Capability> DEFAULT = EnumSet.of(Capability.CAP_CHOWN, Capability.CAP_KILL);

    private static Set<Capability> changed(String add, String drop) {
        return new CapabilityChange(names(add), names(drop)).of(DEFAULT);
    }

    private static java.util.List<CapabilityName> names(String words) {
        return Stream.of(words.split(" ", -1))
                .filter(word -> !word.isEmpty())
                .map(CapabilityName::new)
                .toList();
    }

    @Test
    void everyOneHasTheNumberOfTheKernelsHeader() throws Exception {
        Pattern define = Pattern.compile("#define (CAP_[A-Z_]+)\\s+(\\d+)");
        Map<String, Long> header = define.matcher(Files.readString(Path.of("/usr/include/linux/capability.h")))
                .results()
                .collect(Collectors.toMap((MatchResult m) -> m.group(1), m -> 1L << Integer.parseInt(m.group(2))));

        assertThat(Arrays.stream(Capability.values()).collect(Collectors.toMap(Enum::name, Capability::bit)))
                .containsAllEntriesOf(header)
                .hasSizeGreaterThanOrEqualTo(41);
    }

    @ParameterizedTest
    @CsvSource({"net_raw", "NET_RAW", "Cap_Net_Raw", "CAP_NET_RAW"})
    void isReadWithAndWithoutItsPrefixInAnyCase(String text) {
        assertThat(new CapabilityName(text).members()).containsExactly(Capability.CAP_NET_RAW);
        assertThat(new CapabilityName(text)).hasToString("CAP_NET_RAW");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NET_RWA     | did you mean "NET_RAW"?
            cap_sysadmin| did you mean "SYS_ADMIN"?
            ALLL        | did you mean "ALL"?
            CAP_ALL     | did you mean "ALL"?
            everything  | write one of capabilities(7), such as "NET_RAW", or "ALL"
            CAP_        | write one of capabilities(7), such as "NET_RAW", or "ALL"
            ''          | write one of capabilities(7), such as "NET_RAW", or "ALL"
            """)
    void unknownNameIsRefusedWithTheNearest(String text, String hint) {
        BrockerException.Invalid refusal = Refusal.of(() -> new CapabilityName(text));

        assertThat(refusal.code()).isEqualTo("unknown-capability");
        assertThat(refusal.message()).isEqualTo("\"" + text + "\" is not a capability");
        assertThat(refusal.hint()).contains(hint);
    }

    @Test
    void addAndDropChangeTheDefault() {
        assertThat(changed("", "")).isEqualTo(DEFAULT);
        assertThat(changed("NET_RAW", "CHOWN")).containsExactly(Capability.CAP_KILL, Capability.CAP_NET_RAW);
        assertThat(changed("", "MKNOD")).isEqualTo(DEFAULT);
    }

    @Test
    void allIsWhatTheOtherListChanges() {
        assertThat(changed("NET_RAW", "ALL")).containsExactly(Capability.CAP_NET_RAW);
        assertThat(changed("", "ALL")).isEmpty();
        assertThat(changed("ALL", "NET_RAW"))
                .hasSize(Capability.values().length - 1)
                .doesNotContain(Capability.CAP_NET_RAW);
        assertThat(changed("ALL NET_RAW", "KILL"))
                .contains(Capability.CAP_NET_RAW)
                .doesNotContain(Capability.CAP_KILL);
    }

    @ParameterizedTest
    @CsvSource({"CAP_CHOWN,chown", "all,ALL"})
    void whatIsBothAddedAndDroppedIsRefused(String add, String drop) {
        BrockerException.Invalid refusal = Refusal.of(() -> changed(add, drop));

        assertThat(refusal.code()).isEqualTo("contradicting-capabilities");
        assertThat(refusal.key()).isEqualTo("drop");
    }
}
