package brocker.spec;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * What a certificate says, read from its text.
 *
 * @param chain the certificate itself, then those that lead to a root
 * @param names DNS names that it is for, of which one may begin with {@code *.}
 */
public record CertifiedKey(List<X509Certificate> chain, List<String> names) {
    private static final int DNS_NAME = 2;
    private static final int LEAST_RSA_BITS = 2048;

    public CertifiedKey {
        chain = List.copyOf(chain);
        names = List.copyOf(names);
    }

    /**
     * Reads a certificate.
     *
     * @throws BrockerException.Invalid at {@code certificate}, when it is none
     */
    public static CertifiedKey read(Tls tls) {
        List<byte[]> blocks =
                PemBlocks.of(text("certificate", tls.certificate())).contents("CERTIFICATE");
        if (blocks.isEmpty()) {
            throw invalid("certificate", "it holds no certificate", "its text has \"-----BEGIN CERTIFICATE-----\"");
        }
        List<X509Certificate> chain = new ArrayList<>();
        for (byte[] block : blocks) {
            try {
                chain.add((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(block)));
            } catch (CertificateException _) {
                throw invalid("certificate", "certificate " + (chain.size() + 1) + " in it is damaged", "");
            }
        }
        return new CertifiedKey(chain, names(chain.getFirst()));
    }

    /**
     * Reads a certificate and makes sure that the key is its own.
     *
     * @throws BrockerException.Invalid at {@code certificate} or {@code key}
     */
    public static CertifiedKey checked(Tls tls) {
        CertifiedKey certified = read(tls);
        PemBlocks blocks = PemBlocks.of(text("key", tls.key()));
        PemBlocks.Block key = blocks.ending("PRIVATE KEY")
                .orElseThrow(() ->
                        invalid("key", "it holds no private key", "its text has \"-----BEGIN PRIVATE KEY-----\""));
        if (key.encrypted()) {
            throw invalid(
                    "key",
                    "the private key is encrypted, and nobody is there to type its password",
                    "write it without one: openssl pkey -in KEY -out NEW-KEY");
        }
        certified.requireOwn(key);
        certified.requireStrong();
        return certified;
    }

    /** What OpenSSL refuses at its usual level (2), see SSL_CTX_set_security_level(3). */
    private void requireStrong() {
        X509Certificate own = chain.getFirst();
        if (own.getPublicKey() instanceof RSAKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
            throw invalid(
                    "certificate",
                    "its RSA key has only " + rsa.getModulus().bitLength() + " bits",
                    "use one of " + LEAST_RSA_BITS + " bits or more, or an elliptic curve");
        }
        boolean selfSigned = own.getIssuerX500Principal().equals(own.getSubjectX500Principal());
        if (!selfSigned && own.getSigAlgName().matches("(MD5|SHA1)with.*")) {
            throw invalid(
                    "certificate",
                    "it is signed by \"" + own.getSigAlgName() + "\", which clients refuse",
                    "use SHA-256");
        }
    }

    private void requireOwn(PemBlocks.Block key) {
        try {
            if (PrivateKeys.match(key, chain.getFirst().getPublicKey())) {
                return;
            }
            for (X509Certificate other : chain.subList(1, chain.size())) {
                if (PrivateKeys.match(key, other.getPublicKey())) {
                    throw invalid(
                            "certificate",
                            "the certificate that the key belongs to is not the first one",
                            "put the host's own certificate before those of its issuers");
                }
            }
        } catch (GeneralSecurityException _) {
            throw invalid(
                    "certificate",
                    "its algorithm \"" + chain.getFirst().getPublicKey().getAlgorithm() + "\" is not supported",
                    "use RSA, an elliptic curve or Ed25519");
        }
        throw new BrockerException.Invalid(
                        "certificate-mismatch",
                        "the private key is not the one of the certificate \"" + title() + "\"",
                        "give the key that the certificate was requested with")
                .at("key");
    }

    /** When it expires. */
    public Instant end() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    /** What a client would object to, one sentence each: that it has expired, that it is of others than these hosts. */
    public List<String> warnings(Collection<HostName> hosts, Instant now) {
        List<String> warnings = new ArrayList<>();
        Instant begin = chain.getFirst().getNotBefore().toInstant();
        if (now.isAfter(end())) {
            warnings.add("the certificate \"" + title() + "\" expired at " + end());
        } else if (now.isBefore(begin)) {
            warnings.add("the certificate \"" + title() + "\" is not valid before " + begin);
        }
        for (HostName host : hosts) {
            if (names.stream().noneMatch(name -> matches(name, host.value()))) {
                warnings.add("the certificate \"" + title() + "\" is not for the host \"" + host + "\"");
            }
        }
        return warnings;
    }

    /** How a user recognises it. */
    private String title() {
        return names.isEmpty() ? chain.getFirst().getSubjectX500Principal().getName() : names.getFirst();
    }

    /** See RFC 9525, section 6.3: the wildcard is one whole label. */
    private static boolean matches(String name, String host) {
        return name.equals(host)
                || (name.startsWith("*.")
                        && host.indexOf('.') > 0
                        && name.substring(1).equals(host.substring(host.indexOf('.'))));
    }

    private static List<String> names(X509Certificate certificate) {
        try {
            var alternatives = certificate.getSubjectAlternativeNames();
            return alternatives == null
                    ? List.of()
                    : alternatives.stream()
                            .filter(name -> name.getFirst().equals(DNS_NAME))
                            .map(name -> String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))
                            .toList();
        } catch (CertificateException _) {
            throw invalid("certificate", "the names in it are damaged", "");
        }
    }

    private static String text(String key, Pem pem) {
        return switch (pem) {
            case Pem.Text(String text) -> text;
            case Pem.InFile(String path) ->
                throw invalid(key, "\"" + path + "\" is a path, which only the client reads", "send the text in PEM");
        };
    }

    private static BrockerException.Invalid invalid(String key, String message, String hint) {
        return new BrockerException.Invalid("invalid-" + key, message, hint).at(key);
    }
}
