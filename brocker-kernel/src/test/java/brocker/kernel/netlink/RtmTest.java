package brocker.kernel.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.kernel.CLanguage;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The numbers of rtnetlink, and the sizes that the codecs count with, against the C headers of this machine. */
final class RtmTest {
    private static final List<String> HEADERS = List.of(
            "stdio.h",
            "stddef.h",
            "sys/socket.h",
            "linux/if.h",
            "linux/netlink.h",
            "linux/rtnetlink.h",
            "linux/if_link.h",
            "linux/veth.h");

    @TempDir
    private Path directory;

    @Test
    void everyConstantHasTheValueOfC() throws Exception {
        StringBuilder body = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (Field field : Rtm.class.getDeclaredFields()) {
            body.append("printf(\"%s %d\\n\", \"" + field.getName() + "\", (int) (" + field.getName() + "));\n");
            expected.add(field.getName() + " " + field.getInt(null));
        }
        assertThat(expected).hasSizeGreaterThan(45);
        assertThat(CLanguage.run(directory, HEADERS, body.toString())).isEqualTo(expected);
    }

    @Test
    void fixedPartsHaveTheSizesOfC() throws Exception {
        List<String> lines = CLanguage.run(directory, HEADERS, """
                printf("%zu %zu %zu %zu\\n", sizeof(struct nlmsghdr), sizeof(struct ifinfomsg),
                    sizeof(struct ifaddrmsg), sizeof(struct rtmsg));
                printf("%zu %zu\\n", offsetof(struct nlmsghdr, nlmsg_flags), offsetof(struct nlmsghdr, nlmsg_seq));
                printf("%zu %zu\\n", offsetof(struct ifinfomsg, ifi_index), offsetof(struct ifinfomsg, ifi_flags));
                printf("%zu %zu\\n", offsetof(struct ifaddrmsg, ifa_prefixlen), offsetof(struct ifaddrmsg, ifa_index));
                printf("%zu %zu\\n", offsetof(struct rtmsg, rtm_dst_len), offsetof(struct rtmsg, rtm_table));
                """);
        assertThat(lines)
                .isEqualTo(List.of(
                        MessageWriter.HEADER + " " + LinkMessages.IFINFOMSG + " " + AddressMessages.IFADDRMSG + " "
                                + AddressMessages.RTMSG,
                        "6 8",
                        "4 8",
                        "1 4",
                        "1 4"));
    }
}
