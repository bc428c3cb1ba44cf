package brocker.conformance;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Another machine, 192.0.2.2, on the network of an interface of the host that has the address 192.0.2.1. */
final class Neighbour implements AutoCloseable {
    static final String HOST = "192.0.2.1";
    static final String ADDRESS = "192.0.2.2";

    private final Process process;

    private Neighbour(Process process) {
        this.process = process;
    }

    /** Plugs it in. What it runs is {@link Tool} with these arguments. */
    static Neighbour open(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("unshare", "--net", Tool.path().toString()));
        command.addAll(List.of(arguments));
        Neighbour neighbour =
                new Neighbour(new ProcessBuilder(command).inheritIO().start());
        neighbour.plugIn();
        return neighbour;
    }

    private void plugIn() {
        String own = Host.namespace(ProcessHandle.current().pid(), "net");
        Await.until(
                "the other machine is there",
                Duration.ofSeconds(5),
                () -> !Host.namespace(process.pid(), "net").equals(own));
        String machine = String.valueOf(process.pid());
        Outcome.of("ip", "link", "add", "up0", "type", "veth", "peer", "name", "up1", "netns", machine);
        Outcome.of("ip", "address", "add", HOST + "/24", "dev", "up0");
        Outcome.of("ip", "link", "set", "up0", "up");
        run("ip", "address", "add", ADDRESS + "/24", "dev", "up1");
        run("ip", "link", "set", "up1", "up");
    }

    /** Waits until what it serves is there. */
    void awaitService(int port) {
        Await.until("the other machine serves", Duration.ofSeconds(5), () -> {
            try {
                return Http.get(ADDRESS, port, "/").status() == 200;
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** Runs a program of the host with all its privileges in its network, and gives what it prints. */
    String run(String... command) {
        return Outcome.run(line(command), Map.of(), new byte[0]).succeeded().stdout();
    }

    /** The same without waiting for it. */
    Process start(String... command) throws IOException {
        return new ProcessBuilder(line(command)).inheritIO().start();
    }

    boolean reaches(String address, int port) {
        return run(Tool.path().toString(), "reach", address, String.valueOf(port))
                .equals("reached\n");
    }

    private List<String> line(String... command) {
        List<String> line = new ArrayList<>(List.of("nsenter", "--target", String.valueOf(process.pid()), "--net"));
        line.addAll(List.of(command));
        return line;
    }

    @Override
    public void close() {
        Outcome.of("ip", "link", "delete", "up0");
        process.destroyForcibly().onExit().join();
    }
}
