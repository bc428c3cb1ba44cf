package brocker.spec;

import java.util.Random;

/** A random generator that can be had again: it prints its seed, and {@code -Dbrocker.seed=N} sets it. */
public final class Seeded {
    private Seeded() {}

    public static Random random(String test) {
        long seed = Long.getLong("brocker.seed", System.nanoTime());
        System.out.println(test + ": -Dbrocker.seed=" + seed);
        return new Random(seed);
    }

    /** A text of up to a number of characters, each one of the alphabet. */
    public static String text(Random random, String alphabet, int most) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(most + 1);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
