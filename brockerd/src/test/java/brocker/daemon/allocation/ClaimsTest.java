package brocker.daemon.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brocker.daemon.record.Ingress;
import brocker.daemon.record.ServiceRecord;
import brocker.spec.BrockerException;
import brocker.spec.Cidr;
import brocker.spec.ServiceSpec;
import brocker.spec.json.Json;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClaimsTest {
    private static final String TLS = ",\"tls\":{\"certificate\":\"a.crt\",\"key\":\"a.key\"}";

    private static ServiceSpec spec(String name, String keys) {
        return Json.read(
                "test", "{\"name\":\"" + name + "\",\"publish\":" + keys.replace("TLS", TLS) + "}", ServiceSpec.class);
    }

    private static ServiceRecord record(String keys) {
        return ServiceRecord.added(spec("other", keys), 1, Cidr.parse("10.0.1.1/24"), Instant.EPOCH);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "1.1.1.1:80"                          | "1.1.1.1:80"                         | cannot publish on "1.1.1.1:80": the service "other" is published on "1.1.1.1:80"
            "1.1.1.1:80","hosts":"a"              | "1.1.1.1:80"                         | cannot publish on "1.1.1.1:80": the service "other" is published on "1.1.1.1:80" without "hosts"
            "1.1.1.1:80"                          | "1.1.1.1:80","hosts":"a"             | cannot publish on "1.1.1.1:80": the service "other" is published on "1.1.1.1:80" with "hosts"
            "1.1.1.1:80","hosts":"b"              | "0.0.0.0:80","hosts":"a"             | cannot publish on "1.1.1.1:80": the service "other" is published on "0.0.0.0:80"
            "1.1.1.1:80","hosts":["b","a"]        | "1.1.1.1:80","hosts":"a"             | cannot serve "a" on "1.1.1.1:80": the service "other" does
            "1.1.1.1:80","hosts":"a","paths":"/x" | "1.1.1.1:80","hosts":"a","paths":"/x"| cannot serve "a/x" on "1.1.1.1:80": the service "other" does
            "1.1.1.1:81","hosts":"b"              | "1.1.1.1:81","hosts":"a"TLS          | cannot publish without "tls" on "1.1.1.1:81": the service "other" is published there with
            "1.1.1.1:81","hosts":"b"TLS           | "1.1.1.1:81","hosts":"a"             | cannot publish with "tls" on "1.1.1.1:81": the service "other" is published there without
            """)
    void twoServicesCannotHaveTheSame(String wanted, String taken, String message) {
        BrockerException.Conflict conflict = catchThrowableOfType(
                BrockerException.Conflict.class,
                () -> Claims.of(record(taken)).requireFree(spec("shop", wanted).hosting()));

        assertThat(conflict).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "1.1.1.1:80"                              | "1.1.1.2:80"
            "1.1.1.1:80","hosts":"b"                  | "1.1.1.1:80","hosts":"a"
            "1.1.1.1:80","hosts":"a","paths":"/x/y"   | "1.1.1.1:80","hosts":"a","paths":["/x","/"]
            "1.1.1.1:81","hosts":"a"                  | "1.1.1.1:80","hosts":"a"
            ["1.1.1.1:80","1.1.1.1:81"],"hosts":"a"TLS| "1.1.1.1:80","hosts":"b"
            """)
    void whatIsDifferentIsShared(String wanted, String taken) {
        assertThatCode(() -> Claims.of(record(taken))
                        .requireFree(spec("shop", wanted).hosting()))
                .doesNotThrowAnyException();
    }

    @Test
    void whatADeploymentLeadsToIsTaken() {
        ServiceRecord deploying =
                record("\"1.1.1.1:80\",\"hosts\":\"a\"").deploying(spec("other", "\"1.1.1.1:80\",\"hosts\":\"b\""));

        for (String host : new String[] {"a", "b"}) {
            assertThat(catchThrowableOfType(
                            BrockerException.Conflict.class,
                            () -> Claims.of(deploying)
                                    .requireFree(spec("shop", "\"1.1.1.1:80\",\"hosts\":\"" + host + "\"")
                                            .hosting())))
                    .hasMessageStartingWith("cannot serve \"" + host + "\"");
        }
    }

    @Test
    void onlyWhatIsNamedByItsAddressIsAnIngress() {
        assertThat(Ingress.is(Ingress.spec(brocker.spec.Publish.parse("0.0.0.0:80"))))
                .isTrue();
        assertThat(Ingress.name(brocker.spec.Publish.parse("127.0.0.1:8443")).value())
                .isEqualTo("ingress-127-0-0-1-8443");
        assertThat(Ingress.is(spec("ingress-80", "\"127.0.0.1:80\""))).isFalse();
        assertThat(Ingress.is(spec("shop", "[]"))).isFalse();
    }
}
