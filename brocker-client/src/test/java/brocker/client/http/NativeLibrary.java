package brocker.client.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code libbrocker-client.so} as {@code scripts/dist} builds it, in a home of the tests' own. */
public final class NativeLibrary {
    private static final Path HOME = build(Path.of("target/home").toAbsolutePath());

    private NativeLibrary() {}

    /** Lets the client find it. */
    public static void provide() {
        System.setProperty("brocker.home", HOME.toString());
    }

    private static Path build(Path home) {
        Path include = Path.of(System.getProperty("java.home"), "include");
        try {
            Files.createDirectories(home.resolve("lib"));
            Process compiler = new ProcessBuilder(
                            "gcc",
                            "-shared",
                            "-fPIC",
                            "-Wall",
                            "-Wextra",
                            "-Werror",
                            "-I" + include,
                            "-I" + include.resolve("linux"),
                            "-o",
                            home.resolve("lib/libbrocker-client.so").toString(),
                            "src/main/c/unix_socket.c")
                    .inheritIO()
                    .start();
            if (compiler.waitFor() != 0) {
                throw new AssertionError("unix_socket.c does not compile");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return home;
    }
}
