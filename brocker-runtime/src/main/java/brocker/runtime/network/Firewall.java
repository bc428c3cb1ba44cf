package brocker.runtime.network;

import brocker.kernel.InNamespaces;
import brocker.kernel.KernelException;
import brocker.kernel.Linux;
import brocker.kernel.MissingLibraryException;
import brocker.kernel.Nftables;
import brocker.kernel.NftablesException;
import brocker.spec.BrockerException;
import brocker.spec.Cidr;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * Keeps the rules of {@link Ruleset} in force: the tables {@code arp brocker}, {@code bridge brocker} and {@code inet brocker}, which are there
 * for as long as there are bridges or ports. Thread-safe.
 *
 * <p>A port costs two set elements, about 0.1 ms. Everything else, and a port where somebody has flushed our tables, replaces all
 * tables in one transaction: there is no moment without rules, and connections go on.
 */
final class Firewall implements AutoCloseable {
    private final Nftables nftables;
    private final ReentrantLock lock = new ReentrantLock();
    private Ruleset current = Ruleset.EMPTY;

    private Firewall(Nftables nftables) {
        this.nftables = nftables;
    }

    /**
     * Of the calling thread's network namespace. Touches nothing yet.
     *
     * @throws BrockerException.Host where the host has no nftables
     */
    static Firewall open() {
        try {
            return new Firewall(Nftables.open());
        } catch (MissingLibraryException e) {
            throw new BrockerException.Host(
                    "nftables-missing", e.message(), "install it: apt-get install libnftables1");
        } catch (KernelException e) {
            throw new BrockerException.Host(
                    "nftables-unusable",
                    "cannot open the packet filter: " + e.getMessage(),
                    "use a kernel that was built with nf_tables");
        }
    }

    /**
     * Puts an example of every rule in force in a network namespace that is made for it and goes with it.
     *
     * @throws BrockerException.Host where the host's packet filter does not take it
     */
    static void rehearse() {
        BridgePlan bridge = new BridgePlan("brocker1", Cidr.parse("10.200.0.1/24"), 0x0ac80002, 80, true, true);
        BridgePort port = new BridgePort("veth1", bridge.proxy());
        rehearse(Ruleset.EMPTY.refusing(3000).with(bridge).with(port));
    }

    /** Why the packet filter does not take these, found out in a network namespace that is made for it; empty where it does. */
    static Optional<String> objection(Ruleset ruleset) {
        try {
            rehearse(ruleset);
            return Optional.empty();
        } catch (BrockerException.Host e) {
            return Optional.of(e.message());
        }
    }

    private static void rehearse(Ruleset ruleset) {
        InNamespaces.call("rehearsal", () -> {
            Linux.unshare(Linux.CLONE_NEWNET);
            try (Firewall firewall = open()) {
                firewall.restore(ruleset);
            }
            return true;
        });
    }

    /** Puts these in force, and nothing else; what an earlier daemon left is replaced. */
    void restore(Ruleset ruleset) {
        lock.lock();
        try {
            replace(ruleset);
        } finally {
            lock.unlock();
        }
    }

    void add(BridgePlan bridge) {
        lock.lock();
        try {
            replace(current.with(bridge));
        } finally {
            lock.unlock();
        }
    }

    void remove(String bridge) {
        lock.lock();
        try {
            if (current.bridges().containsKey(bridge)) {
                replace(current.withoutBridge(bridge));
            }
        } finally {
            lock.unlock();
        }
    }

    /** From now on frames of this port's own addresses pass, and no others. Comes before the port is attached. */
    void admit(BridgePort port) {
        lock.lock();
        try {
            change(Ruleset.admission(port), current.with(port));
        } finally {
            lock.unlock();
        }
    }

    /** Comes after the port has gone: one that is not listed is nobody's business here. */
    void dismiss(String hostEnd) {
        lock.lock();
        try {
            BridgePort port = current.ports().get(hostEnd);
            if (port != null) {
                Ruleset next = current.withoutPort(hostEnd);
                change(next.isEmpty() ? Ruleset.REMOVAL : Ruleset.dismissal(port), next);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The rules stay in force. */
    @Override
    public void close() {
        nftables.close();
    }

    /** By the short way where our tables are as we left them. */
    private void change(String commands, Ruleset next) {
        try {
            nftables.run(commands);
            current = next;
        } catch (NftablesException _) {
            replace(next);
        }
    }

    private void replace(Ruleset next) {
        try {
            nftables.run(next.text());
            current = next;
        } catch (NftablesException e) {
            // What is wrong, then the command; a third line points into it.
            String said = String.valueOf(e.getMessage())
                    .lines()
                    .limit(2)
                    .map(String::strip)
                    .collect(Collectors.joining(": "));
            throw new BrockerException.Host(
                    "nftables-refused",
                    "the packet filter does not take our rules: " + said.replaceFirst("^Error: ", ""),
                    "see what this host lacks: brockerd check");
        }
    }
}
