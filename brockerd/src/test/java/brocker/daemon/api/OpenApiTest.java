package brocker.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.spec.Artifact;
import brocker.spec.ContainerSpec;
import brocker.spec.ServiceSpec;
import brocker.spec.Version;
import brocker.spec.json.Json;
import brocker.spec.wire.ContainerStats;
import brocker.spec.wire.ContainerView;
import brocker.spec.wire.DaemonHealth;
import brocker.spec.wire.Event;
import brocker.spec.wire.ExecRequest;
import brocker.spec.wire.ExecResult;
import brocker.spec.wire.ExecStarted;
import brocker.spec.wire.HostFinding;
import brocker.spec.wire.KillRequest;
import brocker.spec.wire.Problem;
import brocker.spec.wire.RollbackRequest;
import brocker.spec.wire.ScaleRequest;
import brocker.spec.wire.ServiceView;
import brocker.spec.wire.StopRequest;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The document at {@code /openapi.json} against the routes and the records that it describes, both ways. */
final class OpenApiTest {
    private static final int FEWEST_ROUTES = 18;
    private static final int FEWEST_SCHEMAS = 29;
    private static final Set<String> VERBS = Set.of("get", "head", "post", "put", "delete", "patch");
    private static final String SCHEMAS = "#/components/schemas/";

    /** What goes over the wire; whatever is reached from here needs a schema as well. */
    private static final List<Class<?>> BODIES = List.of(
            ServiceSpec.class,
            ContainerSpec.class,
            Artifact.class,
            ServiceView.class,
            ContainerView.class,
            ContainerStats.class,
            Event.class,
            StopRequest.class,
            KillRequest.class,
            ScaleRequest.class,
            RollbackRequest.class,
            DaemonHealth.class,
            HostFinding.class,
            ExecRequest.class,
            ExecStarted.class,
            ExecResult.class,
            Problem.class);

    private final Map<?, ?> document = document();

    @Test
    void everyRouteIsDescribedAndEveryDescriptionIsARoute() throws Exception {
        Set<String> described = new TreeSet<>();
        object(document, "paths")
                .forEach((path, item) -> ((Map<?, ?>) item).keySet().forEach(verb -> described.add(verb + " " + path)));

        assertThat(described).hasSizeGreaterThanOrEqualTo(FEWEST_ROUTES).isEqualTo(routes());
    }

    @Test
    void everyTypeOfTheWireHasASchemaAndNoSchemaIsLeftOver() {
        Set<String> names = reached().stream().map(Class::getSimpleName).collect(Collectors.toSet());

        assertThat(object(document, "components", "schemas").keySet())
                .hasSizeGreaterThanOrEqualTo(FEWEST_SCHEMAS)
                .isEqualTo(names);
    }

    @Test
    void theKeysOfASchemaAreTheComponentsOfItsRecord() {
        for (Class<?> type : reached()) {
            if (!type.isRecord() || isText(type)) {
                continue;
            }
            Map<?, ?> properties = object(document, "components", "schemas", type.getSimpleName(), "properties");
            Set<String> keys = Arrays.stream(type.getRecordComponents())
                    .map(OpenApiTest::key)
                    .collect(Collectors.toSet());
            assertThat(properties.keySet()).as(type.getSimpleName()).isEqualTo(keys);
            assertThat(keys).as("what " + type.getSimpleName() + " requires").containsAll(required(type));
            for (RecordComponent component : type.getRecordComponents()) {
                String name = type.getSimpleName() + "." + key(component);
                assertThat(accepts(object(properties, key(component)), component.getGenericType()))
                        .as("the type of " + name)
                        .isTrue();
                mayBeAbsent(component)
                        .ifPresent(may -> assertThat(required(type).contains(key(component)))
                                .as("that " + name + " is required")
                                .isEqualTo(!may));
            }
        }
    }

    @Test
    void theWordsOfAnEnumerationAreThoseOfItsSchema() {
        List<Class<?>> enums = reached().stream().filter(Class::isEnum).toList();

        assertThat(enums).hasSizeGreaterThanOrEqualTo(5);
        for (Class<?> type : enums) {
            List<String> words = Arrays.stream(type.getEnumConstants())
                    .map(value -> Json.write(value).replace("\"", ""))
                    .toList();
            assertThat(object(document, "components", "schemas", type.getSimpleName())
                            .get("enum"))
                    .as(type.getSimpleName())
                    .isEqualTo(words);
        }
    }

    @Test
    void everyKeyAndEveryWordIsInTheDocumentation() throws IOException {
        String api = Files.readString(Path.of("../docs/api.md"));
        String readme = Files.readString(Path.of("../README.md"));
        List<String> missing = new ArrayList<>();
        for (Class<?> type : reached()) {
            boolean answer = type.getName().startsWith("brocker.spec.wire.");
            words(type, answer)
                    .filter(word -> matches("[`\".]" + word + "[`\".]", answer ? api : api + readme)
                            .isEmpty())
                    .forEach(word -> missing.add(type.getSimpleName() + ": " + word));
        }
        assertThat(missing).isEmpty();
    }

    /** The keys of a record, and of what is answered the words of an enumeration. */
    private static Stream<String> words(Class<?> type, boolean answer) {
        if (type.isRecord() && !isText(type)) {
            return Arrays.stream(type.getRecordComponents()).map(OpenApiTest::key);
        }
        return type.isEnum() && answer
                ? Arrays.stream(type.getEnumConstants())
                        .map(value -> Json.write(value).replace("\"", ""))
                : Stream.of();
    }

    @Test
    void versionIsTheDaemons() {
        assertThat(object(document, "info").get("version")).isEqualTo(Version.CURRENT);
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        Set<String> references = new HashSet<>();
        collectReferences(document, references);

        assertThat(references).hasSizeGreaterThan(FEWEST_SCHEMAS);
        for (String reference : references) {
            assertThat(object(document, reference.substring(2).split("/", -1)))
                    .as(reference)
                    .isNotEmpty();
        }
    }

    @Test
    void everyOperationAsksForTheTokenAndAnswersProblems() {
        // Over the Unix socket it does not.
        assertThat(document.get("security")).isEqualTo(List.of(Map.of("token", List.of()), Map.of()));
        assertThat(object(document, "components", "securitySchemes", "token").get("scheme"))
                .isEqualTo("bearer");
        object(document, "paths")
                .forEach((path, item) -> ((Map<?, ?>) item)
                        .forEach((verb, operation) -> assertThat(
                                        object((Map<?, ?>) operation, "responses").keySet().stream()
                                                .map(String::valueOf)
                                                .toList())
                                .as(verb + " " + path)
                                .contains("401", "500", "503")
                                .anyMatch(status -> status.startsWith("2"))));
    }

    /** {@code get /api/v1/services/{name}}, by what the services register and by what the server itself registers. */
    private static Set<String> routes() throws Exception {
        String server = Files.readString(Path.of("src/main/java/brocker/daemon/api/ApiServer.java"));
        Set<String> routes = new TreeSet<>();
        List<MatchResult> services = matches("\\.register\\(\\s*ROOT \\+ \"([^\"]+)\",\\s*new (\\w+)\\(", server);
        assertThat(services)
                .as("registered services")
                .hasSize(matches("\\.register\\(", server).size());
        for (MatchResult service : services) {
            recorded(Class.forName("brocker.daemon.api." + service.group(2)))
                    .forEach(route -> routes.add(route.verb + " /api/v1" + service.group(1) + route.path));
        }
        List<MatchResult> single =
                matches("\\.(get|head|post|put|delete|patch)\\(\\s*(ROOT \\+ )?\"(/[^\"]*)\"", server);
        single.forEach(
                route -> routes.add(route.group(1) + " " + (route.group(2) == null ? "" : "/api/v1") + route.group(3)));
        return routes;
    }

    private record Route(String verb, String path) {}

    /** What a service registers; its handlers are not called, so it needs none of its parts. */
    private static List<Route> recorded(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = Arrays.stream(type.getDeclaredConstructors())
                .max(java.util.Comparator.comparingInt(Constructor::getParameterCount))
                .orElseThrow();
        constructor.setAccessible(true);
        HttpService service = (HttpService) constructor.newInstance(new Object[constructor.getParameterCount()]);
        List<Route> routes = new ArrayList<>();
        HttpRules rules = (HttpRules) Proxy.newProxyInstance(
                OpenApiTest.class.getClassLoader(), new Class<?>[] {HttpRules.class}, (proxy, method, arguments) -> {
                    assertThat(VERBS).as("verbs that this test understands").contains(method.getName());
                    String path = String.valueOf(arguments[0]);
                    routes.add(new Route(method.getName(), path.equals("/") ? "" : path));
                    return proxy;
                });
        service.routing(rules);
        assertThat(routes).as(type.getSimpleName()).isNotEmpty();
        return routes;
    }

    /** The types of the bodies and of everything in them. */
    private static Set<Class<?>> reached() {
        Set<Class<?>> reached = new LinkedHashSet<>();
        Deque<Type> open = new ArrayDeque<>(BODIES);
        while (!open.isEmpty()) {
            switch (open.pop()) {
                case ParameterizedType generic -> open.addAll(List.of(generic.getActualTypeArguments()));
                case Class<?> type
                when type.getName().startsWith("brocker.") && reached.add(type) -> {
                    if (type.isRecord() && !isText(type)) {
                        Stream.of(type.getRecordComponents())
                                .map(RecordComponent::getGenericType)
                                .forEach(open::add);
                    }
                }
                case Type _ -> {
                    // Of the JDK, or seen before.
                }
            }
        }
        return reached;
    }

    /** Whether a schema stands for a Java type. */
    private static boolean accepts(Map<?, ?> schema, Type type) {
        if (schema.get("oneOf") instanceof List<?> choices) {
            return choices.stream().anyMatch(choice -> accepts((Map<?, ?>) choice, type));
        }
        if (type instanceof ParameterizedType generic) {
            Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            if (generic.getRawType() == Optional.class) {
                return accepts(schema, last);
            }
            String key = generic.getRawType() == List.class ? "items" : "additionalProperties";
            return Objects.equals(schema.get("type"), key.equals("items") ? "array" : "object")
                    && accepts((Map<?, ?>) Objects.requireNonNull(schema.get(key)), last);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.getName().startsWith("brocker.")) {
            return Objects.equals(schema.get("$ref"), SCHEMAS + plain.getSimpleName());
        }
        if (plain == double.class || plain == Double.class) {
            return Objects.equals(schema.get("type"), "number");
        }
        String expected = List.<Class<?>>of(int.class, Integer.class, long.class, Long.class)
                        .contains(plain)
                ? "integer"
                : plain == boolean.class || plain == Boolean.class ? "boolean" : "string";
        return Objects.equals(schema.get("type"), expected);
    }

    /** Empty where the document may decide: a flag or a collection is absent in a request, and present in an answer. */
    private static Optional<Boolean> mayBeAbsent(RecordComponent component) {
        Class<?> type = component.getType();
        if (type == boolean.class || Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)) {
            return Optional.empty();
        }
        return Optional.of(type == Optional.class);
    }

    private List<String> required(Class<?> type) {
        Object required =
                object(document, "components", "schemas", type.getSimpleName()).get("required");
        return required instanceof List<?> keys
                ? keys.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** Kebab-case, or what an annotation says. */
    private static String key(RecordComponent component) {
        return Optional.ofNullable(component.getAccessor().getAnnotation(JsonProperty.class))
                .map(JsonProperty::value)
                .orElseGet(
                        () -> component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT));
    }

    /** Whether a type is one value in JSON, by its {@code @JsonValue}. */
    private static boolean isText(Class<?> type) {
        return Stream.of(type.getDeclaredMethods()).anyMatch(method -> method.isAnnotationPresent(JsonValue.class));
    }

    private static void collectReferences(Object node, Set<String> references) {
        if (node instanceof Map<?, ?> map) {
            if (map.get("$ref") instanceof String reference) {
                references.add(reference);
            }
            map.values().forEach(child -> collectReferences(Objects.requireNonNull(child), references));
        } else if (node instanceof List<?> list) {
            list.forEach(child -> collectReferences(Objects.requireNonNull(child), references));
        }
    }

    private static Map<?, ?> object(Map<?, ?> from, String... path) {
        Map<?, ?> found = from;
        for (String key : path) {
            assertThat(found.get(key)).as(key + " of " + String.join("/", path)).isInstanceOf(Map.class);
            found = (Map<?, ?>) Objects.requireNonNull(found.get(key));
        }
        return found;
    }

    private static List<MatchResult> matches(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().toList();
    }

    private static Map<?, ?> document() {
        try (InputStream in = Objects.requireNonNull(ApiServer.class.getResourceAsStream("openapi.json"))) {
            return Json.read("openapi.json", new String(in.readAllBytes(), StandardCharsets.UTF_8), Map.class);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
