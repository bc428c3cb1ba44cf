package brocker.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The C compiler as the oracle for what the headers say. */
public final class CLanguage {
    private CLanguage() {}

    /** The lines that a program with these headers and this body of {@code main} prints. */
    public static List<String> run(Path directory, List<String> headers, String body)
            throws IOException, InterruptedException {
        StringBuilder program = new StringBuilder("#define _GNU_SOURCE\n");
        headers.forEach(header -> program.append("#include <").append(header).append(">\n"));
        program.append("int main(void) {\n").append(body).append("return 0;\n}\n");
        Path source = Files.writeString(directory.resolve("program.c"), program);
        Path binary = directory.resolve("program");
        output("gcc", "-Wall", "-Werror", "-o", binary.toString(), source.toString());
        return output(binary.toString()).lines().toList();
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + " failed: " + output);
        }
        return output;
    }
}
