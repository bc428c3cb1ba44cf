package brocker.spec.json;

import brocker.spec.BrockerException;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** The one mapper between the wire and our records. Thread-safe. */
public final class Json {
    private static final JsonSetter.Value EMPTY = JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY);
    static final JsonMapper MAPPER = mapper();

    private Json() {}

    /**
     * Reads a value of the wire or of a user's file.
     *
     * @param source how errors call the text, such as a file name
     * @throws brocker.spec.BrockerException.Invalid naming source, line, key and the nearest valid key
     */
    public static <T> T read(String source, String text, Class<T> type) {
        try {
            T value = MAPPER.readValue(text, type);
            if (value == null) {
                throw new BrockerException.Invalid("missing-value", "\"" + source + "\" is null", "");
            }
            return value;
        } catch (JacksonException e) {
            throw new ReadFailure(source, text).explain(e);
        }
    }

    /** Reads an array of values, see {@link #read}. */
    public static <T> List<T> readList(String source, String text, Class<T> type) {
        try {
            return MAPPER.readerForListOf(type).readValue(text);
        } catch (JacksonException e) {
            throw new ReadFailure(source, text).explain(e);
        }
    }

    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** The same, indented for people. */
    public static String writePretty(Object value) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    }

    /** Writes to a stream, which stays open. */
    public static void write(OutputStream out, Object value) {
        MAPPER.writeValue(out, value);
    }

    /** How a record's component is called in JSON. */
    static String key(String component) {
        return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static JsonMapper mapper() {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(tools.jackson.core.StreamWriteFeature.AUTO_CLOSE_TARGET)
                .build();
        JsonMapper.Builder builder = JsonMapper.builder(factory)
                .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .withConfigOverride(List.class, config -> config.setNullHandling(EMPTY))
                .withConfigOverride(Map.class, config -> config.setNullHandling(EMPTY))
                .changeDefaultPropertyInclusion(ignored ->
                        JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS));
        for (CoercionInputShape shape :
                List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
            builder.withCoercionConfig(LogicalType.Textual, config -> config.setCoercion(shape, CoercionAction.Fail))
                    .withCoercionConfig(
                            LogicalType.OtherScalar, config -> config.setCoercion(shape, CoercionAction.Fail));
        }
        return builder.build();
    }
}
