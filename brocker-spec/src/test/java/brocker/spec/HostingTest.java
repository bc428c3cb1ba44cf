package brocker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.spec.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HostingTest {
    private static final String CERTIFICATE = "\"certificate\":\"a.crt\",\"key\":\"a.key\"";

    private static Hosting read(String keys) {
        return Json.read("s.json", "{\"name\":\"shop\"," + keys + "}", ServiceSpec.class)
                .hosting();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            shop_1.example           | use letters, digits, inner hyphens and dots, as in "shop.example"
            -shop.example            | use letters, digits, inner hyphens and dots, as in "shop.example"
            shop..example            | use letters, digits, inner hyphens and dots, as in "shop.example"
            shop.example.            | use letters, digits, inner hyphens and dots, as in "shop.example"
            http://shop.example      | write the name alone, as in "shop.example"; "paths" has the paths, "publish" the port
            shop.example/cart        | write the name alone, as in "shop.example"; "paths" has the paths, "publish" the port
            shop.example:80          | write the name alone, as in "shop.example"; "publish" has the port
            *.shop.example           | write each name; there are no wildcards
            10.0.0.1                 | an address is not a name; without "hosts" a service is reached by every name and address
            bücher.example           | write it as "xn--bcher-kva.example"
            """)
    void whatIsNoHostNameIsRefused(String host, String hint) {
        BrockerException.Invalid refusal =
                Refusal.of(() -> read("\"publish\":\"0.0.0.0:80\",\"hosts\":\"" + host + "\""));

        assertThat(refusal.code()).isEqualTo("invalid-host");
        assertThat(refusal.message()).isEqualTo("\"s.json\" line 1: \"hosts\": \"" + host + "\" is not a host name");
        assertThat(refusal.hint()).contains(hint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "shop.example", "a-b.1.example", "xn--bcher-kva.example", "1a"})
    void hostNameIsTaken(String host) {
        assertThat(new HostName(host).value()).isEqualTo(host);
    }

    @Test
    void caseAndSlashAtTheEndMeanNothing() {
        assertThat(new HostName("Shop.Example")).isEqualTo(new HostName("shop.example"));
        assertThat(new PathPrefix("/shop/")).isEqualTo(new PathPrefix("/shop"));
        assertThat(new PathPrefix("/")).isEqualTo(PathPrefix.ALL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "shop", "//", "/a//b", "/a/../b", "/.", "/a b", "/a;b", "/a{b", "/a?b", "/a%20b", "/$x", "/a\\\\b"
            })
    void whatBeginsNoPathIsRefused(String path) {
        BrockerException.Invalid refusal = Refusal.of(
                () -> read("\"publish\":\"0.0.0.0:80\",\"hosts\":\"a.example\",\"paths\":[\"" + path + "\"]"));

        assertThat(refusal.code()).isEqualTo("invalid-path-prefix");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "hosts":"a.example"                                                  | "hosts" are given but nothing is published
            "publish":"1.1.1.1:80","paths":"/a"                                  | "paths" needs "hosts"
            "publish":"1.1.1.1:443","tls":{CERTIFICATE}                          | "tls" needs "hosts"
            "publish":"1.1.1.1:80","hosts":["a.example","A.example"]             | "hosts": "a.example" is named twice
            "publish":"1.1.1.1:80","hosts":"a.example","paths":["/a","/a/"]      | "paths": "/a" is named twice
            "publish":"1.1.1.1:80","hosts":"a.example","tls":{CERTIFICATE}       | "tls" is given but only port 80 is published, which does not speak it
            "publish":"1.1.1.1:81","hosts":"a.example","tls":[{"hosts":"b.example",CERTIFICATE}]  | "tls": "b.example" is not among the "hosts"
            "publish":"1.1.1.1:81","hosts":["a.example","b.example"],"tls":[{"hosts":"b.example",CERTIFICATE}] | "tls": the host "a.example" has no certificate
            "publish":"1.1.1.1:81","hosts":"a.example","tls":[{CERTIFICATE},{"hosts":"a.example",CERTIFICATE}] | "tls": the host "a.example" has 2 certificates
            "publish":"1.1.1.1:81","hosts":"a.example","tls":{"certificate":"a.crt"} | the key "key" is missing
            "publish":"1.1.1.1:81","hosts":"a.example","tls":{"certificate":"","key":"b"} | "certificate": a path is missing
            """)
    void whatContradictsItselfIsRefused(String json, String message) {
        BrockerException.Invalid refusal = Refusal.of(() -> read(json.replace("CERTIFICATE", CERTIFICATE)));

        assertThat(refusal.message()).startsWith("\"s.json\" line 1: ").endsWith(message);
    }

    @Test
    void withCertificatesAllAddressesButPort80SpeakTls() {
        Hosting hosting =
                read("\"publish\":[\"1.1.1.1:80\",\"1.1.1.1:8443\",\"1.1.1.1:443\"],\"hosts\":\"a.example\",\"tls\":{"
                        + CERTIFICATE + "}");

        assertThat(hosting.at(Publish.parse("1.1.1.1:80"))).isEqualTo(new Hosting.Protocol.Redirect(443));
        assertThat(hosting.at(Publish.parse("1.1.1.1:443"))).isEqualTo(new Hosting.Protocol.Encrypted());
        assertThat(hosting.at(Publish.parse("1.1.1.1:8443"))).isEqualTo(new Hosting.Protocol.Encrypted());
        assertThat(read("\"publish\":\"1.1.1.1:443\",\"hosts\":\"a.example\"").at(Publish.parse("1.1.1.1:443")))
                .isEqualTo(new Hosting.Protocol.Plain());
    }
}
