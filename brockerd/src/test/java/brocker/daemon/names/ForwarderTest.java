package brocker.daemon.names;

import static brocker.daemon.names.FakeServer.answer;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

final class ForwarderTest {
    private static final Name NAME = Name.fromConstantString("www.example.com.");
    private static final Record FOUND =
            new ARecord(NAME, DClass.IN, 77, InetAddress.ofLiteral("192.0.2.80").getAddress());
    private static final Message QUERY = Message.newQuery(Record.newRecord(NAME, Type.A, DClass.IN));

    private static Forwarder to(FakeServer... servers) {
        List<InetSocketAddress> addresses =
                List.of(servers).stream().map(FakeServer::address).toList();
        return new Forwarder(() -> addresses);
    }

    private static Message udp(Forwarder forwarder) throws IOException {
        return new Message(forwarder.overUdp(QUERY.toWire(), 4096));
    }

    @Test
    void theAnswerIsPassedOnAsItCame() throws IOException {
        Message query = QUERY.clone();
        query.addRecord(new OPTRecord(4000, 0, 0, Flags.DO), Section.ADDITIONAL);
        try (FakeServer server = new FakeServer(asked -> answer(asked, Rcode.NOERROR, FOUND))) {
            byte[] got = to(server).overUdp(query.toWire(), 4000);
            assertThat(got).isEqualTo(answer(query, Rcode.NOERROR, FOUND).toWire());
            assertThat(server.byUdp().getFirst().getOPT()).isEqualTo(query.getOPT());
            assertThat(to(server).overTcp(query.toWire())).isEqualTo(got);
            assertThat(server.byTcp().getFirst().getOPT()).isEqualTo(query.getOPT());
        }
    }

    @Test
    void everyQuestionHasANumberAndAPortOfItsOwn() throws IOException {
        try (FakeServer server = new FakeServer(asked -> answer(asked, Rcode.NXDOMAIN))) {
            Forwarder forwarder = to(server);
            for (int i = 0; i < 8; i++) {
                assertThat(udp(forwarder).getHeader().getID())
                        .isEqualTo(QUERY.getHeader().getID());
            }
            List<Integer> numbers = server.byUdp().stream()
                    .map(asked -> asked.getHeader().getID())
                    .toList();
            assertThat(new HashSet<>(numbers)).hasSizeGreaterThan(5);
            assertThat(new HashSet<>(server.ports())).hasSizeGreaterThan(5);
        }
    }

    @Test
    void theNextServerIsAskedWhereOneIsOutOfOrderOrSilent() throws IOException {
        FakeServer gone = new FakeServer(asked -> asked);
        InetSocketAddress nobody = gone.address();
        gone.close();
        try (FakeServer broken = new FakeServer(asked -> answer(asked, Rcode.SERVFAIL));
                FakeServer silent = new FakeServer(asked -> asked);
                FakeServer good = new FakeServer(asked -> answer(asked, Rcode.NOERROR, FOUND))) {
            Forwarder forwarder = to(broken, silent, good);
            assertThat(udp(forwarder).getSection(Section.ANSWER)).containsExactly(FOUND);
            assertThat(broken.byUdp()).hasSize(1);
            assertThat(silent.byUdp()).hasSize(1);
            Forwarder past = new Forwarder(() -> List.of(nobody, good.address()));
            assertThat(udp(past).getSection(Section.ANSWER)).containsExactly(FOUND);
            assertThat(new Message(past.overTcp(QUERY.toWire())).getSection(Section.ANSWER))
                    .containsExactly(FOUND);
            assertThat(udp(to(broken)).getRcode()).isEqualTo(Rcode.SERVFAIL);
        }
    }

    @Test
    void withoutAnyServerTheNameCannotBeAskedFor() throws IOException {
        assertThat(udp(to()).getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(new Message(to().overTcp(QUERY.toWire())).getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(udp(to()).getHeader().getID()).isEqualTo(QUERY.getHeader().getID());
    }

    @Test
    void anAnswerToAnotherQuestionOrOfAnotherNumberIsNone() throws IOException {
        try (FakeServer forger = new FakeServer(asked -> {
            Message answer = answer(asked, Rcode.NOERROR, FOUND);
            answer.getHeader().setID(asked.getHeader().getID() ^ 1);
            return answer;
        })) {
            assertThat(udp(to(forger)).getRcode()).isEqualTo(Rcode.SERVFAIL);
            assertThat(new Message(to(forger).overTcp(QUERY.toWire())).getRcode())
                    .isEqualTo(Rcode.SERVFAIL);
        }
        Record other = Record.newRecord(Name.fromString("wwx.example.com."), Type.A, DClass.IN);
        try (FakeServer forger = new FakeServer(asked -> {
            Message answer = new Message(asked.getHeader().getID());
            answer.getHeader().setFlag(Flags.QR);
            answer.addRecord(other, Section.QUESTION);
            return answer;
        })) {
            assertThat(udp(to(forger)).getRcode()).isEqualTo(Rcode.SERVFAIL);
        }
    }

    @Test
    void whatIsTooLongForADatagramIsAskedForAgainOverAConnection() throws IOException {
        Record[] many = IntStream.range(0, 6)
                .mapToObj(i -> new TXTRecord(NAME, DClass.IN, 5, "x".repeat(200) + i))
                .toArray(Record[]::new);
        try (FakeServer server = new FakeServer(asked -> answer(asked, Rcode.NOERROR, many))) {
            Message cut = new Message(to(server).overUdp(QUERY.toWire(), 512));
            assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
            assertThat(new Message(to(server).overTcp(QUERY.toWire())).getSection(Section.ANSWER))
                    .hasSize(6);
        }
    }
}
