package brocker.client.text;

import brocker.spec.Escaped;
import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** JSON as it came, indented for people: nothing is added, dropped or reordered. */
public final class PrettyJson {
    private PrettyJson() {}

    /**
     * The same JSON, indented, without a newline at the end.
     *
     * @throws tools.jackson.core.JacksonException when the text is not JSON
     */
    public static String of(String json) {
        JsonFactory factory = new JsonFactory();
        StringWriter text = new StringWriter();
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), json);
                JsonGenerator generator = factory.createGenerator(new Indented(), text)) {
            parser.nextToken();
            generator.copyCurrentStructure(parser);
        }
        return Escaped.json(text.toString());
    }

    private static final class Indented extends ObjectWriteContext.Base {
        @Override
        public PrettyPrinter getPrettyPrinter() {
            DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
            return new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
        }
    }
}
