package brocker.runtime.tree;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process that holds a descriptor of a directory and changes what is in it, as fast as it can. */
final class Exchanger {
    private Exchanger() {}

    /** One that exchanges two entries for each other; it has begun when this returns. */
    static Process start(Path directory, String one, String other) throws Exception {
        return run(directory.toString(), one, other);
    }

    /** One that makes directories and files. */
    static Process fill(Path directory) throws Exception {
        return run(directory.toString());
    }

    static void end(Process process) throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    private static Process run(String... arguments) throws IOException, InterruptedException {
        Path program = Files.createTempDirectory("exchange").resolve("exchange");
        int compiled = new ProcessBuilder("gcc", "-Wall", "-O1", "-o", program.toString(), "src/test/c/exchange.c")
                .inheritIO()
                .start()
                .waitFor();
        if (compiled != 0) {
            throw new AssertionError("gcc failed");
        }
        String[] command = new String[arguments.length + 1];
        command[0] = program.toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).start();
        BufferedReader output = process.inputReader();
        if (!"ready".equals(output.readLine())) {
            throw new AssertionError("the program did not begin");
        }
        Files.delete(program);
        Files.delete(program.getParent());
        return process;
    }
}
