package brocker.spec;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;

/** Finds out whether a private key and a public one are a pair. */
final class PrivateKeys {
    private static final byte[] PROBE = "brocker".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;

    private PrivateKeys() {}

    /**
     * Signs with one and verifies with the other.
     *
     * @param block PKCS #8 (RFC 5958), or the older forms of RSA (RFC 8017) and elliptic curves (RFC 5915)
     * @throws GeneralSecurityException for an algorithm that is not known here
     */
    static boolean match(PemBlocks.Block block, PublicKey certified) throws GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance(certified.getAlgorithm());
        Signature signature = Signature.getInstance(scheme(certified));
        try {
            byte[] encoded =
                    block.label().equals("PRIVATE KEY") ? block.content() : wrapped(block.content(), certified);
            PrivateKey key = factory.generatePrivate(new PKCS8EncodedKeySpec(encoded));
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (java.security.spec.InvalidKeySpecException | InvalidKeyException | SignatureException _) {
            // Of another algorithm, of another curve, or of another length.
            return false;
        }
    }

    private static String scheme(PublicKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
    }

    /** PKCS #8 around an older form: version 0, the algorithm as the certificate has it, the key. */
    private static byte[] wrapped(byte[] key, PublicKey certified) {
        byte[] algorithm = algorithm(certified.getEncoded());
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(new byte[] {0x02, 0x01, 0x00});
        content.writeBytes(algorithm);
        content.writeBytes(element(OCTET_STRING, key));
        return element(SEQUENCE, content.toByteArray());
    }

    /** The first element of a SubjectPublicKeyInfo, see RFC 5280, section 4.1.2.7. */
    private static byte[] algorithm(byte[] publicKey) {
        int start = headerLength(publicKey, 0);
        int header = headerLength(publicKey, start);
        int length = header == 2
                ? publicKey[start + 1]
                : new BigInteger(1, Arrays.copyOfRange(publicKey, start + 2, start + header)).intValueExact();
        return Arrays.copyOfRange(publicKey, start, start + header + length);
    }

    private static int headerLength(byte[] encoded, int at) {
        int length = encoded[at + 1] & 0xff;
        return length < 0x80 ? 2 : 2 + (length & 0x7f);
    }

    /** One element in DER, see X.690. */
    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        if (content.length < 0x80) {
            element.write(content.length);
        } else {
            byte[] length = BigInteger.valueOf(content.length).toByteArray();
            int from = length[0] == 0 ? 1 : 0;
            element.write(0x80 | (length.length - from));
            element.write(length, from, length.length - from);
        }
        element.writeBytes(content);
        return element.toByteArray();
    }
}
