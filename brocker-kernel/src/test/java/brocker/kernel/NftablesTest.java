package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
final class NftablesTest {
    private static <T> T inFreshNamespace(Callable<T> body) {
        return InNamespaces.call("nftables", () -> {
            Linux.unshare(Linux.CLONE_NEWNET);
            return body.call();
        });
    }

    private static void withNftables(Consumer<Nftables> body) {
        inFreshNamespace(() -> {
            try (Nftables nftables = Nftables.open()) {
                body.accept(nftables);
            }
            return "";
        });
    }

    @Test
    void whatWasAddedIsListed() {
        withNftables(nftables -> {
            assertThat(nftables.run("list ruleset")).isEmpty();
            assertThat(nftables.run("add table inet t; add set inet t s { type ifname; }"))
                    .isEmpty();
            nftables.run("add element inet t s { \"veth1\" }");
            assertThat(nftables.run("list ruleset"))
                    .startsWith("table inet t {\n")
                    .contains("type ifname")
                    .contains("\"veth1\"");
        });
    }

    @Test
    void commandsAreOneTransaction() {
        withNftables(nftables -> {
            assertThatThrownBy(() -> nftables.run("add table inet t; add element inet t nowhere { 1 }"))
                    .isInstanceOf(NftablesException.class)
                    .hasMessageContaining("No such file or directory")
                    .hasMessageContaining("add element inet t nowhere");
            assertThat(nftables.run("list ruleset")).isEmpty();
        });
    }

    @Test
    void whatIsNoCommandIsRefusedInTheLibrarysWords() {
        withNftables(nftables -> {
            assertThatThrownBy(() -> nftables.run("add tabel inet t"))
                    .isInstanceOf(NftablesException.class)
                    .hasMessageContaining("syntax error, unexpected inet")
                    .hasMessageContaining("add tabel inet t");
            assertThat(nftables.run("add table inet t; list tables"))
                    .as("the run after a refusal")
                    .isEqualTo("table inet t\n");
        });
    }

    @Test
    void itStaysInTheNamespaceItWasOpenedIn() {
        Nftables opened = inFreshNamespace(() -> {
            Nftables nftables = Nftables.open();
            nftables.run("add table inet mine");
            return nftables;
        });
        try (opened) {
            assertThat(opened.run("list tables")).isEqualTo("table inet mine\n");
            withNftables(other -> assertThat(other.run("list tables")).isEmpty());
        }
    }

    @Test
    void manyThreadsMayUseIt() {
        withNftables(nftables -> {
            nftables.run("add table inet t; add set inet t s { type ipv4_addr; }");
            // Threads of this one would be in its namespace; what they use is bound already.
            try (ExecutorService threads = Executors.newFixedThreadPool(8);
                    Nftables second = Nftables.open()) {
                CompletableFuture.allOf(IntStream.range(0, 400)
                                .mapToObj(i -> CompletableFuture.runAsync(
                                        () -> (i % 2 == 0 ? nftables : second)
                                                .run("add element inet t s { 10.0." + i / 200 + "." + i % 200 + " }"),
                                        threads))
                                .toArray(CompletableFuture[]::new))
                        .join();
            }
            assertThat(nftables.run("list set inet t s").split("10\\.0\\.", -1)).hasSize(401);
        });
    }

    @Test
    void aClosedOneDoesNothing() {
        withNftables(nftables -> {
            nftables.close();
            nftables.close();
            assertThatThrownBy(() -> nftables.run("list ruleset")).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void whereTheLibraryWouldAbortItIsRefused() {
        List<Fd> many = new ArrayList<>();
        try {
            do {
                many.add(Linux.open("/dev/null", Linux.O_PATH, 0));
            } while (many.getLast().number() < 1024);
            assertThatThrownBy(() -> inFreshNamespace(Nftables::open))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("too many descriptors");
        } finally {
            many.forEach(Fd::close);
        }
    }
}
