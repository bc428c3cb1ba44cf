package brocker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.spec.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CertifiedKeyTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private static String text(String file) {
        try (InputStream in = Objects.requireNonNull(CertifiedKeyTest.class.getResourceAsStream("pem/" + file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Tls tls(String certificate, String key) {
        return new Tls(List.of(), Pem.of(certificate), Pem.of(key));
    }

    @ParameterizedTest
    @CsvSource({
        "rsa.crt, rsa.key",
        "self-signed.crt, rsa.key",
        "rsa.crt, rsa-pkcs1.key",
        "ec.crt, ec.key",
        "ec.crt, ec-sec1.key",
        "ed25519.crt, ed25519.key"
    })
    void keyOfItsCertificateIsTaken(String certificate, String key) {
        assertThat(CertifiedKey.checked(tls(text(certificate), text(key))).end())
                .isEqualTo(Instant.parse("2125-01-01T00:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rsa.crt     | ec.key                   | key         | the private key is not the one of the certificate "shop.example"
            rsa.crt     | ec-sec1.key              | key         | the private key is not the one of the certificate "shop.example"
            ec.crt      | rsa-pkcs1.key            | key         | the private key is not the one of the certificate "api.example"
            ed25519.crt | rsa.key                  | key         | the private key is not the one of the certificate "ed.example"
            ca.crt      | ec.key                   | key         | the private key is not the one of the certificate "CN=Brocker test CA"
            rsa.crt     | rsa-encrypted.key        | key         | the private key is encrypted, and nobody is there to type its password
            rsa.crt     | rsa-encrypted-pkcs1.key  | key         | the private key is encrypted, and nobody is there to type its password
            rsa.crt     | rsa.crt                  | key         | it holds no private key
            rsa.key     | rsa.key                  | certificate | it holds no certificate
            weak.crt    | weak.key                 | certificate | its RSA key has only 1024 bits
            sha1.crt    | rsa.key                  | certificate | it is signed by "SHA1withECDSA", which clients refuse
            """)
    void whatDoesNotBelongTogetherIsRefused(String certificate, String key, String at, String message) {
        BrockerException.Invalid refusal = Refusal.of(() -> CertifiedKey.checked(tls(text(certificate), text(key))));

        assertThat(refusal.message()).isEqualTo(message);
        assertThat(refusal.key()).isEqualTo(at);
    }

    @Test
    void chainIsReadInItsOrder() {
        String chain = text("rsa.crt") + "a remark\n" + text("ca.crt");
        assertThat(CertifiedKey.checked(tls(chain, text("rsa.key"))).chain()).hasSize(2);

        BrockerException.Invalid refusal =
                Refusal.of(() -> CertifiedKey.checked(tls(text("ca.crt") + text("rsa.crt"), text("rsa.key"))));
        assertThat(refusal.message()).isEqualTo("the certificate that the key belongs to is not the first one");
    }

    @Test
    void damageIsRefused() {
        String damaged = text("rsa.crt").replaceFirst("MII", "MIJ");
        assertThat(Refusal.of(() -> CertifiedKey.checked(tls(damaged, text("rsa.key"))))
                        .message())
                .isEqualTo("certificate 1 in it is damaged");
        String short_ = text("rsa.key").replaceFirst("(?s)KEY-----\n.{200}", "KEY-----\n");
        assertThat(Refusal.of(() -> CertifiedKey.checked(tls(text("rsa.crt"), short_)))
                        .code())
                .isEqualTo("certificate-mismatch");
    }

    @Test
    void pathIsForTheClient() {
        assertThat(Refusal.of(() -> CertifiedKey.checked(tls("shop.crt", text("rsa.key"))))
                        .message())
                .isEqualTo("\"shop.crt\" is a path, which only the client reads");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rsa.crt     | shop.example     |
            rsa.crt     | www.shop.example |
            rsa.crt     | a.b.shop.example | the certificate "shop.example" is not for the host "a.b.shop.example"
            rsa.crt     | shop             | the certificate "shop.example" is not for the host "shop"
            ca.crt      | shop.example     | the certificate "CN=Brocker test CA" is not for the host "shop.example"
            expired.crt | shop.example     | the certificate "shop.example" expired at 2010-01-01T00:00:00Z
            early.crt   | shop.example     | the certificate "shop.example" is not valid before 2100-01-01T00:00:00Z
            """)
    void whatAClientWouldObjectToIsAWarning(String certificate, String host, String warning) {
        CertifiedKey certified = CertifiedKey.read(tls(text(certificate), text("rsa.key")));

        List<String> expected = warning == null ? List.of() : List.of(warning);
        assertThat(certified.warnings(List.of(new HostName(host)), NOW)).isEqualTo(expected);
    }

    @Test
    void keyIsInTheJsonAloneAndInNoString() {
        Tls tls = tls(text("rsa.crt"), text("rsa.key"));

        String json = Json.write(tls);
        assertThat(json).contains("-----BEGIN PRIVATE KEY-----");
        assertThat(Json.read("wire", json, Tls.class)).isEqualTo(tls);
        assertThat(tls.toString()).doesNotContain("BEGIN");
        assertThat(PemBlocks.of(text("rsa.key")).toString()).isEqualTo("PemBlocks[blocks=[PRIVATE KEY]]");
    }
}
