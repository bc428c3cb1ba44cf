package brocker.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A shared library that a running program has mapped. */
final class LoadedLibrary {
    private LoadedLibrary() {}

    /** A library that a program has loaded, found while it runs. */
    static Path of(Path nginx, String name) {
        try {
            Path directory = Files.createTempDirectory("nginx-");
            Path configuration = Files.writeString(directory.resolve("nginx.conf"), "events {}\n");
            Process process = new ProcessBuilder(
                            nginx.toString(),
                            "-p",
                            directory.toString(),
                            "-c",
                            configuration.toString(),
                            "-e",
                            "stderr",
                            "-g",
                            "daemon off; master_process off; pid " + directory.resolve("pid") + ";")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                Await.until(
                        name + " of " + nginx,
                        Duration.ofSeconds(20),
                        () -> mapped(process.pid(), name).isPresent());
                return mapped(process.pid(), name).orElseThrow();
            } finally {
                process.destroyForcibly().waitFor();
                Files.deleteIfExists(directory.resolve("pid"));
                Files.delete(configuration);
                Files.delete(directory);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static Optional<Path> mapped(long pid, String name) {
        return Host.read(pid, "maps")
                .lines()
                .filter(line -> line.contains("/" + name))
                .map(line -> Path.of(line.substring(line.indexOf('/'))))
                .findFirst();
    }
}
