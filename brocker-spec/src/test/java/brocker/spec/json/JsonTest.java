package brocker.spec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brocker.spec.BrockerException;
import brocker.spec.ByteSize;
import brocker.spec.ContainerSpec;
import brocker.spec.Publish;
import brocker.spec.ServiceSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
    private static BrockerException.Invalid refusal(String text, Class<?> type) {
        return catchThrowableOfType(BrockerException.Invalid.class, () -> Json.read("x.json", text, type));
    }

    @Test
    void readsTheMinimalFilesOfTheFirstBrocker() {
        ServiceSpec service =
                Json.read("s.json", "{\"name\":\"mydetails\",\"bridge-ip\":\"10.0.1.1\"}", ServiceSpec.class);
        ContainerSpec container = Json.read(
                "c.json",
                "{\"service-name\":\"mydetails\",\"command\":\"/usr/bin/java -Dserver.port=8080 -jar /app/demo.war\","
                        + "\"copy-file\":true,\"file\":\"/path/demo.war\"}",
                ContainerSpec.class);

        assertThat(service.bridgeIp()).hasValueSatisfying(ip -> assertThat(ip).hasToString("10.0.1.1/24"));
        assertThat(service.portOrDefault()).isEqualTo(8080);
        assertThat(service.desiredReplicas()).isZero();
        assertThat(container.command().arguments())
                .containsExactly("/usr/bin/java", "-Dserver.port=8080", "-jar", "/app/demo.war");
        assertThat(container.filesToCopy()).containsExactly("/path/demo.war");
        assertThat(container.env()).isEmpty();
    }

    @Test
    void onePublishedAddressNeedsNoArray() {
        assertThat(Json.read("x.json", "{\"name\":\"a\",\"publish\":\"0.0.0.0:80\"}", ServiceSpec.class)
                        .publish())
                .containsExactly(new Publish("0.0.0.0", 80));
    }

    @Test
    void writesWhatItReads() {
        String text = "{\"name\":\"shop\",\"publish\":[\"0.0.0.0:80\"],\"load-balance\":\"ip_hash\",\"replicas\":2,"
                + "\"health\":{\"path\":\"/ready\",\"interval\":\"500ms\"},"
                + "\"container\":{\"command\":[\"a b\",\"c\"],\"memory\":\"512m\",\"cpus\":1.5,\"stop-signal\":\"INT\","
                + "\"mounts\":[{\"source\":\"/srv\",\"target\":\"/data\",\"read-only\":true}]}}";
        ServiceSpec once = Json.read("x.json", text, ServiceSpec.class);
        ServiceSpec again = Json.read("x.json", Json.write(once), ServiceSpec.class);

        assertThat(again).isEqualTo(once);
        assertThat(once.publish()).containsExactly(new Publish("0.0.0.0", 80));
        assertThat(once.container().orElseThrow().memory()).contains(new ByteSize(512 << 20));
        assertThat(once.container().orElseThrow().command()).hasToString("'a b' c");
        assertThat(Json.write(once)).contains("\"load-balance\":\"ip_hash\"", "\"interval\":\"500ms\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"name":"a",\\n"pubish":[]}               | "x.json" line 2: unknown key "pubish"  | did you mean "publish"?
            {"name":"a",\\n"files":{}}               | "x.json" line 2: unknown key "files"  | known keys: bridge-ip, container, deploy, drain-timeout, egress, health, host-access, hosts, load-balance, name, nginx, paths, port, proxy, publish, replicas, tls
            {"name":"a",\\n"replicas":"2"}            | "x.json" line 2: "replicas" must be a whole number, not a string |
            {"name":"a",\\n"replicas":2.5}            | "x.json" line 2: "replicas" must be a whole number, not a fraction |
            {"name":"a",\\n"replicas":99999999999}   | "x.json" line 2: "replicas": the number "99999999999" is out of range |
            {"name":7}                                | "x.json" line 1: "name" must be a string, not a number |
            {"publish":[]}                            | "x.json" line 1: the key "name" is missing |
            {"name":"a",\\n"port":99999}              | "x.json" line 2: "port": "99999" is not a port | write 1 to 65535
            {"name":"Shop"}                           | "x.json" line 1: "name": "Shop" is not a service name | use lower-case letters, digits and inner hyphens, 63 at most
            {"name":"a",\\n"health":{\\n"interval":"5"}} | "x.json" line 3: "interval": "5" is not a duration | write a duration as "500ms", "10s", "2m" or "1h"
            {"name":"a",\\n"health":{\\n"interval":"0s"}} | "x.json" line 3: "interval" must be longer than zero |
            {"name":"a",\\n"replicas":3}              | "x.json" line 2: "replicas" is given but there is no "container" to start | add the template: a container file without "service-name"
            {"name":"a",\\n"bridge-ip":"10.0.1.0"}    | "x.json" line 2: "bridge-ip": "10.0.1.0/24" cannot be the address of a bridge | use a host address of a private network with a prefix length of 16 to 29, such as "10.0.1.1/24"
            {"name":"a","container":{\\n"command":"a",\\n"envv":{}}} | "x.json" line 3: unknown key "envv" | did you mean "env"?
            {"publish":[],\\n"nam":"a"}               | "x.json" line 2: unknown key "nam" | did you mean "name"?
            {"name":"a","container":{\\n"comand":"a"}} | "x.json" line 2: unknown key "comand" | did you mean "command"?
            null                                      | "x.json" is null |
            []                                        | "x.json" line 1: it must be an object, not an array |
            """)
    void saysWhereAndWhatIsWrong(String text, String message, String hint) {
        BrockerException.Invalid refusal = refusal(text.strip().replace("\\n", "\n"), ServiceSpec.class);

        assertThat(refusal.message()).isEqualTo(message.strip());
        assertThat(refusal.hint().orElse("")).isEqualTo(hint == null ? "" : hint.strip());
    }

    @Test
    void saysLineAndColumnOfWhatIsNotJson() {
        assertThat(refusal("{\"name\":\n  oops}", ServiceSpec.class).message())
                .startsWith("\"x.json\" line 2, column 3: not JSON: unrecognized token 'oops'");
        assertThat(refusal("", ServiceSpec.class).message()).isEqualTo("\"x.json\" is empty");
        assertThat(refusal("{\"name\":\"a\"", ServiceSpec.class).message())
                .contains("line 1")
                .contains("not JSON");
        assertThat(refusal("{\"name\":\"a\"} {}", ServiceSpec.class).message())
                .isEqualTo("\"x.json\" has something after the end of its value");
        assertThat(refusal("{\"name\":\"a\",\n\"name\":\"b\"}", ServiceSpec.class)
                        .code())
                .isEqualTo("duplicate-key");
    }

    @Test
    void longUnknownKeyIsCut() {
        BrockerException.Invalid refusal = refusal("{\"" + "k".repeat(40_000) + "\":1}", ServiceSpec.class);

        assertThat(refusal.message()).contains("\"" + "k".repeat(100) + "…\"").hasSizeLessThan(200);
    }

    @Test
    void convertsNothingSilently() {
        for (String value : List.of("1", "true", "[]", "{}", "1.5")) {
            BrockerException.Invalid refusal =
                    refusal("{\"command\":\"a\",\"env\":{\"PORT\":" + value + "}}", ContainerSpec.class);
            assertThat(refusal.message()).startsWith("\"x.json\" line 1: \"PORT\" must be a string, not ");
        }
        assertThat(refusal("{\"command\":\"a\",\"copy-file\":\"true\"}", ContainerSpec.class)
                        .message())
                .isEqualTo("\"x.json\" line 1: \"copy-file\" must be true or false, not a string");
        assertThat(refusal("{\"command\":\"a\",\"memory\":512}", ContainerSpec.class)
                        .message())
                .isEqualTo("\"x.json\" line 1: \"memory\" must be a string, not a number");
        assertThat(refusal("{\"command\":{}}", ContainerSpec.class).message())
                .isEqualTo("\"x.json\" line 1: \"command\": a command is a string or an array of strings");
    }
}
