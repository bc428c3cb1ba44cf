package brocker.spec.json;

import brocker.spec.BrockerException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads what can be read of a document that another version wrote, or that is damaged. */
public final class Salvage {
    private static final int PASSES = 2;

    private Salvage() {}

    /**
     * Reads every key of an object whose value can be read; the others are missing in the result. Keys that are not known, at any
     * depth, are passed over.
     *
     * @param text a JSON object; of any other text nothing can be read
     * @param certain keys that the result has in any case, which alone are enough for one
     */
    public static <T> T read(String text, Map<String, ?> certain, Class<T> type) {
        JsonMapper lenient = Json.MAPPER
                .rebuild()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        Map<String, Object> readable = new LinkedHashMap<>(certain);
        T best = lenient.convertValue(readable, type);
        Map<String, Object> left = keys(lenient, text);
        left.keySet().removeAll(certain.keySet());
        // Twice, as a key may be of use only with another one that comes later.
        for (int pass = 0; pass < PASSES; pass++) {
            for (String key : Set.copyOf(left.keySet())) {
                Map<String, Object> tried = new LinkedHashMap<>(readable);
                tried.put(key, left.get(key));
                try {
                    best = lenient.convertValue(tried, type);
                    readable = tried;
                    left.remove(key);
                } catch (JacksonException | IllegalArgumentException | BrockerException _) {
                    // Missing in the result, as is said.
                }
            }
        }
        return best;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> keys(JsonMapper mapper, String text) {
        try {
            return mapper.readValue(text, Object.class) instanceof Map<?, ?> object
                    ? new LinkedHashMap<>((Map<String, Object>) object)
                    : new LinkedHashMap<>();
        } catch (JacksonException _) {
            return new LinkedHashMap<>();
        }
    }
}
