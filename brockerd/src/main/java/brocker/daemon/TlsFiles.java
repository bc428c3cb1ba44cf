package brocker.daemon;

import brocker.spec.BrockerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * What the daemon proves its name with: a certificate, with those above it behind it, and its key, both as PEM (RFC 7468), the key as
 * PKCS #8 without a password.
 */
record TlsFiles(Path certificate, Path key) {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final List<Algorithm> ALGORITHMS = List.of(
            new Algorithm("RSA", "SHA256withRSA"),
            new Algorithm("EC", "SHA256withECDSA"),
            new Algorithm("EdDSA", "EdDSA"));

    private record Algorithm(String key, String signature) {}

    /**
     * Reads both.
     *
     * @throws BrockerException.Invalid when one cannot be read, is not what it should be, or they do not belong together
     */
    SSLContext context() {
        List<Certificate> chain = chain();
        PrivateKey secret = privateKey();
        requirePair(chain.getFirst().getPublicKey(), secret);
        try {
            char[] password = new char[0];
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, password);
            store.setKeyEntry("brockerd", secret, password, chain.toArray(Certificate[]::new));
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a Java runtime without TLS", e);
        }
    }

    private List<Certificate> chain() {
        String text = read("--tls-cert", certificate);
        try {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            List<Certificate> chain = List.copyOf(
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes)));
            if (!chain.isEmpty()) {
                return chain;
            }
        } catch (CertificateException _) {
            // Said below, as for a file without any.
        }
        throw invalid(
                "invalid-tls-cert",
                "--tls-cert \"" + certificate + "\" holds no certificate in PEM",
                "it begins with: -----BEGIN CERTIFICATE-----");
    }

    private PrivateKey privateKey() {
        Matcher pem = PEM.matcher(read("--tls-key", key));
        String hint = "make it one: openssl pkcs8 -topk8 -nodes -in \"" + key + "\" -out key.pem";
        while (pem.find()) {
            if (pem.group(1).equals("PRIVATE KEY")) {
                PKCS8EncodedKeySpec spec =
                        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(2)));
                for (Algorithm algorithm : ALGORITHMS) {
                    try {
                        return KeyFactory.getInstance(algorithm.key).generatePrivate(spec);
                    } catch (GeneralSecurityException _) {
                        // Perhaps of the next algorithm.
                    }
                }
            }
            if (pem.group(1).endsWith("PRIVATE KEY")) {
                throw invalid(
                        "invalid-tls-key",
                        "--tls-key \"" + key + "\" is a \"" + pem.group(1)
                                + "\", not a key in PKCS #8 without a password that is known here (RSA, EC, Ed25519)",
                        hint);
            }
        }
        throw invalid(
                "invalid-tls-key",
                "--tls-key \"" + key + "\" holds no private key in PEM",
                "it begins with: -----BEGIN PRIVATE KEY-----");
    }

    /** What the key has signed, the certificate must bear out. */
    private void requirePair(PublicKey known, PrivateKey secret) {
        for (Algorithm algorithm : ALGORITHMS) {
            if (!algorithm.key.equals(known.getAlgorithm())) {
                continue;
            }
            try {
                byte[] text = "brockerd".getBytes(StandardCharsets.US_ASCII);
                Signature signing = Signature.getInstance(algorithm.signature);
                signing.initSign(secret);
                signing.update(text);
                byte[] signed = signing.sign();
                Signature verifying = Signature.getInstance(algorithm.signature);
                verifying.initVerify(known);
                verifying.update(text);
                if (verifying.verify(signed)) {
                    return;
                }
            } catch (GeneralSecurityException _) {
                // A key of another algorithm.
            }
        }
        throw invalid(
                "tls-mismatch",
                "--tls-key \"" + key + "\" is not the key of the certificate \"" + certificate + "\"",
                "the file of the certificate begins with the daemon's own; those above it come behind");
    }

    private static String read(String option, Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException _) {
            throw unreadable(option, file, "no such file");
        } catch (AccessDeniedException _) {
            throw unreadable(option, file, "permission denied");
        } catch (IOException e) {
            throw unreadable(option, file, String.valueOf(e.getMessage()));
        }
    }

    private static BrockerException.Invalid unreadable(String option, Path file, String reason) {
        return invalid(
                "unreadable-tls-file",
                "cannot read " + option + " \"" + file + "\": " + reason,
                "name a file in PEM that root can read");
    }

    private static BrockerException.Invalid invalid(String code, String message, String hint) {
        return new BrockerException.Invalid(code, message, hint);
    }
}
