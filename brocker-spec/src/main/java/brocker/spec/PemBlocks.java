package brocker.spec;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The blocks of a text in PEM, see RFC 7468; remarks around them are skipped. */
record PemBlocks(List<Block> blocks) {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,64})-----\\s*(.*?)-----END \\1-----", Pattern.DOTALL);

    /** One block; its string does not show the body, which may be a secret. */
    record Block(String label, String body) {
        /** What it holds; nothing where it is damaged, which whoever reads it notices. */
        byte[] content() {
            try {
                return Base64.getMimeDecoder().decode(body);
            } catch (IllegalArgumentException _) {
                return new byte[0];
            }
        }

        /** Whether it needs a password, see RFC 5958 and RFC 1421. */
        boolean encrypted() {
            return label.startsWith("ENCRYPTED ") || body.startsWith("Proc-Type:");
        }

        @Override
        public String toString() {
            return label;
        }
    }

    PemBlocks {
        blocks = List.copyOf(blocks);
    }

    static PemBlocks of(String text) {
        return new PemBlocks(BLOCK.matcher(text)
                .results()
                .map(block -> new Block(block.group(1), block.group(2)))
                .toList());
    }

    List<byte[]> contents(String label) {
        return blocks.stream()
                .filter(block -> block.label.equals(label))
                .map(Block::content)
                .toList();
    }

    /** The first one with such an end of its label. */
    Optional<Block> ending(String label) {
        return blocks.stream().filter(block -> block.label.endsWith(label)).findFirst();
    }
}
