package brocker.daemon.names;

import brocker.runtime.network.Addresses;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Answers questions from the table of services: {@code SERVICE} and {@code SERVICE.brocker} have an address, and that address has a name
 * (RFC 1035; RFC 6891 for EDNS). Every other name of one label, or below {@code brocker}, does not exist; the rest is asked of the
 * host's name servers, or does not exist either. Pure but for the table.
 */
final class Answers {
    /** A service that moved is found after so many seconds, by whoever heeds it. */
    static final long TTL = 5;

    /** What we take by UDP ourselves: what passes every link unfragmented. */
    private static final int PAYLOAD = 1232;

    private static final int LEAST_PAYLOAD = 512;
    private static final Name DOMAIN = Name.fromConstantString("brocker.");
    private static final Name REVERSE = Name.fromConstantString("in-addr.arpa.");

    private final NameTable table;

    Answers(NameTable table) {
        this.table = table;
    }

    /**
     * What becomes of a message, whatever is in it.
     *
     * @param egress whether the host's name servers may be asked for the one who sent it
     */
    Reply to(byte[] wire, boolean egress) {
        Message query;
        try {
            query = new Message(wire);
        } catch (IOException | RuntimeException _) {
            return malformed(wire);
        }
        Header header = query.getHeader();
        if (header.getFlag(Flags.QR)) {
            return new Reply.Silence();
        }
        if (header.getOpcode() != Opcode.QUERY) {
            return failure(query, Rcode.NOTIMP);
        }
        if (header.getCount(Section.QUESTION) != 1) {
            return failure(query, Rcode.FORMERR);
        }
        if (query.getOPT() != null && query.getOPT().getVersion() != 0) {
            return failure(query, Rcode.BADVERS);
        }
        Record question = query.getQuestion();
        if (question.getDClass() != DClass.IN || question.getType() == Type.AXFR || question.getType() == Type.IXFR) {
            return failure(query, Rcode.REFUSED);
        }
        return answer(query, question, egress);
    }

    /** Says that the host's name servers gave no answer. */
    static byte[] unanswered(byte[] wire) {
        return bare(wire, Rcode.SERVFAIL, false);
    }

    /** Says that the answer does not fit into a datagram. */
    static byte[] truncated(byte[] wire) {
        return bare(wire, Rcode.NOERROR, true);
    }

    private Reply answer(Message query, Record question, boolean egress) {
        Name name = question.getName();
        int labels = name.labels() - 1;
        if (labels == 1 || name.subdomain(DOMAIN)) {
            Optional<Integer> address = labels == 1 || labels == 2
                    ? table.address(name.getLabelString(0).toLowerCase(Locale.ROOT))
                    : Optional.empty();
            return address.map(found -> found(query, question, found))
                    .orElseGet(() -> failure(query, name.equals(DOMAIN) ? Rcode.NOERROR : Rcode.NXDOMAIN));
        }
        Optional<Integer> reversed = reversed(name).filter(table::covers);
        if (reversed.isPresent()) {
            return table.service(reversed.get())
                    .map(service -> named(query, question, service))
                    .orElseGet(() -> failure(query, Rcode.NXDOMAIN));
        }
        // Not REFUSED, which some resolvers take for a name server that is out of order, and wait for another.
        return egress ? new Reply.Forward(payload(query)) : failure(query, Rcode.NXDOMAIN);
    }

    private static Reply found(Message query, Record question, int address) {
        Message answer = head(query, Rcode.NOERROR);
        if (question.getType() == Type.A || question.getType() == Type.ANY) {
            answer.addRecord(new ARecord(question.getName(), DClass.IN, TTL, Addresses.of(address)), Section.ANSWER);
        }
        return new Reply.Answer(answer);
    }

    private static Reply named(Message query, Record question, String service) {
        Message answer = head(query, Rcode.NOERROR);
        if (question.getType() == Type.PTR || question.getType() == Type.ANY) {
            try {
                Name name = Name.fromString(service, DOMAIN);
                answer.addRecord(new PTRRecord(question.getName(), DClass.IN, TTL, name), Section.ANSWER);
            } catch (TextParseException e) {
                throw new IllegalStateException("a service's name is a label", e);
            }
        }
        return new Reply.Answer(answer);
    }

    private static Reply failure(Message query, int code) {
        return new Reply.Answer(head(query, code));
    }

    private static Message head(Message query, int code) {
        Message answer = new Message(query.getHeader().getID());
        Header header = answer.getHeader();
        header.setOpcode(query.getHeader().getOpcode());
        header.setFlag(Flags.QR);
        header.setFlag(Flags.AA);
        header.setFlag(Flags.RA);
        if (query.getHeader().getFlag(Flags.RD)) {
            header.setFlag(Flags.RD);
        }
        header.setRcode(code & 15);
        if (query.getQuestion() != null) {
            answer.addRecord(query.getQuestion(), Section.QUESTION);
        }
        if (query.getOPT() != null) {
            answer.addRecord(new OPTRecord(PAYLOAD, code >>> 4, 0), Section.ADDITIONAL);
        }
        return answer;
    }

    private static int payload(Message query) {
        OPTRecord option = query.getOPT();
        return option == null ? LEAST_PAYLOAD : Math.max(LEAST_PAYLOAD, option.getPayloadSize());
    }

    /** The address that a name of the reverse tree is of, where it is a whole one. */
    private static Optional<Integer> reversed(Name name) {
        if (!name.subdomain(REVERSE) || name.labels() != REVERSE.labels() + 4) {
            return Optional.empty();
        }
        int bits = 0;
        for (int i = 3; i >= 0; i--) {
            String label = name.getLabelString(i);
            if (!label.matches("0|[1-9]\\d{0,2}") || Integer.parseInt(label) > 255) {
                return Optional.empty();
            }
            bits = bits << 8 | Integer.parseInt(label);
        }
        return Optional.of(bits);
    }

    private static Reply malformed(byte[] wire) {
        if (wire.length < Header.LENGTH || (wire[2] & 0x80) != 0) {
            return new Reply.Silence();
        }
        try {
            return new Reply.Answer(new Message(bare(wire, Rcode.FORMERR, false)));
        } catch (IOException e) {
            throw new IllegalStateException("a header alone is a message", e);
        }
    }

    /** A header alone, which answers a message that has one. */
    private static byte[] bare(byte[] wire, int code, boolean truncated) {
        byte[] answer = new byte[Header.LENGTH];
        System.arraycopy(wire, 0, answer, 0, 3);
        answer[2] = (byte) ((answer[2] & 0x79) | 0x80 | (truncated ? 0x02 : 0));
        answer[3] = (byte) (0x80 | code);
        return answer;
    }
}
