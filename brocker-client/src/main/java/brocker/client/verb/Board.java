package brocker.client.verb;

import brocker.client.text.Output;
import brocker.spec.ContainerName;
import brocker.spec.Escaped;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Where one reads how replicas come and go. */
sealed interface Board {
    /** Says nothing of a replica that had gone before. */
    void ignore(Replica replica);

    /** Shows how all replicas stand. */
    void show(List<Replica> replicas);

    /** On a terminal one line a replica, always the same; elsewhere a line for each step of each; nothing where it is not wanted. */
    static Board of(Session session) {
        if (session.quiet() || session.json()) {
            return new Silent();
        }
        return session.shell().terminals().is(1)
                ? new Live(session.stdout(), session.shell().columns())
                : new Written(session.stdout());
    }

    final class Silent implements Board {
        @Override
        public void ignore(Replica replica) {
            // Nobody reads.
        }

        @Override
        public void show(List<Replica> replicas) {
            // Nobody reads.
        }
    }

    final class Written implements Board {
        private final Output out;
        private final Map<ContainerName, String> told = new HashMap<>();

        Written(Output out) {
            this.out = out;
        }

        @Override
        public void ignore(Replica replica) {
            told.put(replica.name(), replica.phase());
        }

        @Override
        public void show(List<Replica> replicas) {
            Set<ContainerName> known = new HashSet<>();
            for (Replica replica : replicas) {
                known.add(replica.name());
                if (!replica.phase().equals(told.put(replica.name(), replica.phase()))) {
                    out.println(line(replica));
                }
            }
            // What is not known any more has ended some time ago.
            told.keySet().retainAll(known);
        }
    }

    /** Moves up over what it has drawn, and draws it again where it changed: ECMA-48's CUU, EL and ED. */
    final class Live implements Board {
        private static final int MOST = 20;
        private static final String REST_OF_LINE = "\u001b[K";
        private static final String REST_OF_SCREEN = "\u001b[J";

        private final Output out;
        private final int columns;
        private final Set<ContainerName> ignored = new HashSet<>();
        private final Map<ContainerName, Replica> seen = new LinkedHashMap<>();
        private List<String> drawn = List.of();

        Live(Output out, int columns) {
            this.out = out;
            this.columns = columns;
        }

        @Override
        public void ignore(Replica replica) {
            ignored.add(replica.name());
        }

        @Override
        public void show(List<Replica> replicas) {
            // One that the daemon has forgotten meanwhile had gone.
            replicas.stream()
                    .filter(replica -> !ignored.contains(replica.name()))
                    .forEach(replica -> seen.put(replica.name(), replica));
            List<String> lines = seen.values().stream()
                    .skip(Math.max(0, seen.size() - MOST))
                    .map(this::fitted)
                    .toList();
            if (lines.equals(drawn)) {
                return;
            }
            String up = drawn.isEmpty() ? "" : "\u001b[" + drawn.size() + "A";
            out.print(up
                    + lines.stream()
                            .map(line -> "\r" + line + REST_OF_LINE + "\n")
                            .collect(Collectors.joining())
                    + REST_OF_SCREEN);
            drawn = lines;
        }

        private String fitted(Replica replica) {
            String reason = replica.isHealthy() || replica.isGone() ? "" : replica.reason();
            String line = line(replica) + (reason.isEmpty() ? "" : "  " + Escaped.of(reason));
            return line.length() < columns ? line : line.substring(0, Math.max(1, columns - 2)) + "…";
        }
    }

    private static String line(Replica replica) {
        return replica.name().abbreviated() + "  revision " + replica.revision() + "  " + Escaped.of(replica.phase());
    }
}
