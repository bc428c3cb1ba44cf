/** The least that a JVM can do: the reference for every program that is one. */
final class Hello {
    private Hello() {}

    public static void main(String[] arguments) {
        System.out.println("hello");
    }
}
