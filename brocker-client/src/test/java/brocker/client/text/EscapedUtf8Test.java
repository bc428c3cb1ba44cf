package brocker.client.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class EscapedUtf8Test {
    private static String line(String hex) {
        return EscapedUtf8.line(HexFormat.of().parseHex(hex));
    }

    @Test
    void plainTextAndTabsStayAsTheyAre() {
        String text = "\tgrün\tשלום \ud83d\ude80 値段";
        assertThat(EscapedUtf8.line(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
    }

    @Test
    void controlsAndBidirectionalCharactersAreEscaped() {
        String text = "a\u001b[31m\u0000\r\b\u007f\u009b\u202e\u2028\ufeff\n";
        assertThat(EscapedUtf8.line(text.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("a\\u001b[31m\\u0000\\r\\u0008\\u007f\\u009b\\u202e\\u2028\\ufeff\\n");
    }

    @Test
    void whatIsNoUtf8IsEscapedByteByByte() {
        assertThat(line("9b33316d")).as("C1 as one byte").isEqualTo("\\x9b31m");
        assertThat(line("c080")).as("overlong").isEqualTo("\\xc0\\x80");
        assertThat(line("e0809b")).as("overlong").isEqualTo("\\xe0\\x80\\x9b");
        assertThat(line("eda080")).as("a surrogate").isEqualTo("\\xed\\xa0\\x80");
        assertThat(line("f4908080")).as("beyond Unicode").isEqualTo("\\xf4\\x90\\x80\\x80");
        assertThat(line("e282")).as("cut off").isEqualTo("\\xe2\\x82");
        assertThat(line("e2821b")).as("cut off by a control").isEqualTo("\\xe2\\x82\\u001b");
        assertThat(line("ff41fe")).isEqualTo("\\xffA\\xfe");
    }

    @Test
    void piecesGiveTheSameAsTheWhole() {
        byte[] whole = "a€\ud83d\ude80\u202e\u001b".getBytes(StandardCharsets.UTF_8);
        for (int first = 0; first <= whole.length; first++) {
            for (int second = first; second <= whole.length; second++) {
                EscapedUtf8 text = new EscapedUtf8();
                String pieces = text.next(Arrays.copyOfRange(whole, 0, first), false)
                        + text.next(Arrays.copyOfRange(whole, first, second), false)
                        + text.next(Arrays.copyOfRange(whole, second, whole.length), true);
                assertThat(pieces).isEqualTo("a€\ud83d\ude80\\u202e\\u001b");
            }
        }
    }

    @Test
    void nothingIsKeptBeyondTheEndOfALine() {
        EscapedUtf8 text = new EscapedUtf8();
        assertThat(text.next(new byte[] {'a', (byte) 0xe2}, true)).isEqualTo("a\\xe2");
        assertThat(text.next(new byte[] {(byte) 0x82, (byte) 0xac}, true)).isEqualTo("\\x82\\xac");
    }
}
