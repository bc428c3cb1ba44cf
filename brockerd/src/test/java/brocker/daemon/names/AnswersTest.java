package brocker.daemon.names;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.spec.Cidr;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

final class AnswersTest {
    private final NameTable table = new NameTable();
    private final Answers answers = new Answers(table);

    @BeforeEach
    void addServices() {
        table.put("shop", entry("10.77.1.1/24", "10.77.1.2"));
        table.put("my-details", entry("10.77.2.1/24", "10.77.2.2"));
    }

    private static NameTable.Entry entry(String bridge, String proxy) {
        return new NameTable.Entry(Cidr.parse(bridge), Cidr.parse(proxy).bits());
    }

    private static Message query(String name, int type) {
        try {
            return Message.newQuery(Record.newRecord(Name.fromString(name, Name.root), type, DClass.IN));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private Reply reply(Message query, boolean egress) {
        return answers.to(query.toWire(), egress);
    }

    private Message answered(Message query) throws IOException {
        return answered(query.toWire());
    }

    private Message answered(byte[] query) throws IOException {
        assertThat(answers.to(query, false)).isInstanceOf(Reply.Answer.class);
        Message answer =
                new Message(((Reply.Answer) answers.to(query, false)).message().toWire());
        assertThat(answer.getHeader().getID()).isEqualTo((query[0] & 255) << 8 | (query[1] & 255));
        assertThat(answer.getHeader().getFlag(Flags.QR)).isTrue();
        return answer;
    }

    @ParameterizedTest
    @CsvSource({
        "shop, 10.77.1.2",
        "sHoP, 10.77.1.2",
        "my-details, 10.77.2.2",
        "shop.brocker, 10.77.1.2",
        "SHOP.Brocker, 10.77.1.2"
    })
    void aServiceHasTheAddressOfItsProxyForAFewSeconds(String name, String address) throws IOException {
        Message query = query(name, Type.A);
        Message answer = answered(query);
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answer.getSection(Section.ANSWER)).singleElement().satisfies(record -> {
            assertThat(record.rdataToString()).isEqualTo(address);
            assertThat(record.getTTL()).isEqualTo(5);
            assertThat(record.getName().toString()).as("as it was asked").isEqualTo(name + ".");
        });
        assertThat(answer.getQuestion()).isEqualTo(query.getQuestion());
        assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
        assertThat(answer.getHeader().getFlag(Flags.RD)).isTrue();
        assertThat(answer.getOPT()).isNull();
        query.getHeader().unsetFlag(Flags.RD);
        assertThat(answered(query).getHeader().getFlag(Flags.RD)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {Type.AAAA, Type.MX, Type.TXT, Type.HTTPS, Type.SOA, Type.NS, 65_280})
    void aServiceHasNothingButAnAddress(int type) throws IOException {
        Message answer = answered(query("shop", type));
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answer.getSection(Section.ANSWER)).isEmpty();
        assertThat(answered(query("shop", Type.ANY)).getSection(Section.ANSWER)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shopp", "localdomain", "x.brocker", "www.shop.brocker", "shop.brocker.brocker"})
    void whatIsNoServiceDoesNotExistEvenWhereTheHostsServersMayBeAsked(String name) throws IOException {
        assertThat(answered(query(name, Type.A)).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(reply(query(name, Type.AAAA), true)).isInstanceOf(Reply.Answer.class);
        assertThat(answered(query("brocker", Type.A)).getRcode())
                .as("there are names below")
                .isEqualTo(Rcode.NOERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "shop.example.com", "brocker.example", "1.1.168.192.in-addr.arpa", "."})
    void theRestIsAskedOfTheHostsServersOrDoesNotExist(String name) throws IOException {
        assertThat(reply(query(name, Type.A), true)).isEqualTo(new Reply.Forward(512));
        assertThat(answered(query(name, Type.A)).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    }

    @Test
    void aServiceThatMovedIsFoundWhereItIs() throws IOException {
        table.put("shop", entry("10.77.9.1/24", "10.77.9.2"));
        assertThat(answered(query("shop", Type.A))
                        .getSection(Section.ANSWER)
                        .getFirst()
                        .rdataToString())
                .isEqualTo("10.77.9.2");
        table.remove("shop");
        assertThat(answered(query("shop", Type.A)).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    }

    @Test
    void theAddressOfAProxyHasAName() throws IOException {
        Message answer = answered(query("2.2.77.10.in-addr.arpa", Type.PTR));
        assertThat(answer.getSection(Section.ANSWER))
                .singleElement()
                .satisfies(record -> assertThat(record.rdataToString()).isEqualTo("my-details.brocker."));
        assertThat(answered(query("2.2.77.10.in-addr.arpa", Type.A)).getSection(Section.ANSWER))
                .isEmpty();
        Message container = query("3.2.77.10.in-addr.arpa", Type.PTR);
        assertThat(answered(container).getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(reply(container, true)).as("of our own networks").isInstanceOf(Reply.Answer.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2.77.10.in-addr.arpa",
                "2.2.77.010.in-addr.arpa",
                "2.2.77.256.in-addr.arpa",
                "x.2.77.10.in-addr.arpa"
            })
    void whatIsNoAddressIsOfNoNetworkOfOurs(String name) {
        assertThat(reply(query(name, Type.PTR), true)).isEqualTo(new Reply.Forward(512));
    }

    @Test
    void extensionsAreAnsweredInKind() throws IOException {
        Message query = query("shop", Type.A);
        query.addRecord(new OPTRecord(4096, 0, 0, Flags.DO), Section.ADDITIONAL);
        assertThat(answered(query).getOPT().getPayloadSize()).isEqualTo(1232);
        Message other = query("example.com", Type.A);
        other.addRecord(new OPTRecord(4096, 0, 0), Section.ADDITIONAL);
        assertThat(reply(other, true)).isEqualTo(new Reply.Forward(4096));
        Message tiny = query("example.com", Type.A);
        tiny.addRecord(new OPTRecord(1, 0, 0), Section.ADDITIONAL);
        assertThat(reply(tiny, true)).isEqualTo(new Reply.Forward(512));
        Message later = query("example.com", Type.A);
        later.addRecord(new OPTRecord(4096, 0, 1), Section.ADDITIONAL);
        assertThat(answered(later).getRcode()).isEqualTo(Rcode.BADVERS);
    }

    @Test
    void whatIsNoPlainQuestionIsRefusedAsTheStandardSays() throws IOException {
        Message update = query("shop", Type.A);
        update.getHeader().setOpcode(Opcode.UPDATE);
        assertThat(answered(update).getRcode()).isEqualTo(Rcode.NOTIMP);
        assertThat(answered(query("example.com", Type.AXFR)).getRcode()).isEqualTo(Rcode.REFUSED);
        Message chaos = Message.newQuery(Record.newRecord(Name.fromString("version.bind."), Type.TXT, DClass.CH));
        assertThat(answered(chaos).getRcode()).isEqualTo(Rcode.REFUSED);
        assertThat(answered(new Message(7)).getRcode()).as("no question").isEqualTo(Rcode.FORMERR);
        Message two = query("shop", Type.A);
        two.addRecord(Record.newRecord(Name.fromString("other."), Type.A, DClass.IN), Section.QUESTION);
        assertThat(answered(two).getRcode()).isEqualTo(Rcode.FORMERR);
        byte[] cut = Arrays.copyOf(query("shop", Type.A).toWire(), 15);
        assertThat(answered(cut).getRcode()).isEqualTo(Rcode.FORMERR);
        Message answer = query("shop", Type.A);
        answer.getHeader().setFlag(Flags.QR);
        assertThat(reply(answer, true)).as("an answer").isEqualTo(new Reply.Silence());
        assertThat(answers.to(new byte[Header.LENGTH - 1], true)).isEqualTo(new Reply.Silence());
    }

    @Test
    void noMessageWhateverHurts() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int answered = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] wire = i % 2 == 0
                    ? new byte[random.nextInt(200)]
                    : query("shop.brocker", Type.A).toWire();
            if (i % 2 == 0) {
                random.nextBytes(wire);
            } else {
                // Somewhere beyond the header, where pointers and lengths are.
                wire[Header.LENGTH + random.nextInt(wire.length - Header.LENGTH)] = (byte) random.nextInt(256);
            }
            Reply reply = answers.to(wire, random.nextBoolean());
            if (reply instanceof Reply.Answer(Message message)) {
                byte[] answer = message.toWire();
                assertThat(new Message(answer).getHeader().getFlag(Flags.QR))
                        .as("seed %d, message %d", seed, i)
                        .isTrue();
                assertThat(answer.length).as("seed %d, message %d", seed, i).isLessThanOrEqualTo(wire.length + 27);
                answered++;
            }
        }
        assertThat(answered).isGreaterThan(5000);
    }
}
