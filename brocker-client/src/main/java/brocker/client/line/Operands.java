package brocker.client.line;

/**
 * What a verb takes besides options.
 *
 * @param synopsis as help shows it, such as {@code NAME...}; empty for none
 * @param least how many must be there
 * @param most how many may be there
 * @param verbatimFrom the index of the operand from which on everything belongs to another command
 */
public record Operands(String synopsis, int least, int most, int verbatimFrom) {
    public static final Operands NONE = new Operands("", 0, 0, Integer.MAX_VALUE);
    public static final Operands NAME = one("NAME");
    public static final Operands NAMES = new Operands("NAME...", 1, Integer.MAX_VALUE, Integer.MAX_VALUE);
    public static final Operands FILE = one("FILE");
    public static final Operands NAME_AND_COMMAND = new Operands("NAME COMMAND...", 2, Integer.MAX_VALUE, 1);

    public static Operands one(String what) {
        return new Operands(what, 1, 1, Integer.MAX_VALUE);
    }

    /** The word of the synopsis for the operand at an index. */
    String word(int index) {
        String[] words = synopsis.split(" ", -1);
        String word = words[Math.min(index, words.length - 1)];
        return word.endsWith("...") ? word.substring(0, word.length() - 3) : word;
    }
}
