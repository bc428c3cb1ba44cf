package brocker.client;

import brocker.client.line.Option;
import brocker.client.line.WrongUsage;
import brocker.client.verb.CheckHost;
import brocker.client.verb.ContainerExec;
import brocker.client.verb.ContainerKill;
import brocker.client.verb.ContainerList;
import brocker.client.verb.ContainerLogs;
import brocker.client.verb.ContainerRemove;
import brocker.client.verb.ContainerRun;
import brocker.client.verb.ContainerStats;
import brocker.client.verb.ContainerStop;
import brocker.client.verb.ContainerUpdate;
import brocker.client.verb.ContainerWait;
import brocker.client.verb.Events;
import brocker.client.verb.Inspect;
import brocker.client.verb.ServiceAdd;
import brocker.client.verb.ServiceDeploy;
import brocker.client.verb.ServiceList;
import brocker.client.verb.ServiceLogs;
import brocker.client.verb.ServiceRemove;
import brocker.client.verb.ServiceRollback;
import brocker.client.verb.ServiceScale;
import brocker.client.verb.ServiceStatus;
import brocker.client.verb.ShowVersion;
import brocker.client.verb.Verb;
import brocker.spec.Nearest;
import java.util.ArrayList;
import java.util.List;

/** The tree of verbs. Only the class of the verb that is asked for is loaded. */
final class Commands {
    /** What stands at the top, in the order of the help. */
    static final List<String> TOP = List.of("container", "service", "events", "check", "version", "completion");

    private Commands() {}

    /** The verbs of a group, in the order of the help; empty where the word is no group. */
    static List<String> verbsOf(String group) {
        return switch (group) {
            case "container" ->
                List.of(
                        "run", "exec", "list", "stop", "kill", "restart", "wait", "logs", "inspect", "stats", "update",
                        "remove");
            case "service" ->
                List.of("add", "list", "inspect", "status", "logs", "deploy", "rollback", "scale", "remove");
            default -> List.of();
        };
    }

    /**
     * What the words name.
     *
     * @param path none, one or two words: the program, a group, or a verb
     * @param rest every other word
     */
    record Chosen(List<String> path, List<String> rest) {
        boolean isVerb() {
            return path.size() == 2
                    || (path.size() == 1 && verbsOf(path.getFirst()).isEmpty());
        }

        boolean asksForHelp() {
            return rest.contains("-h") || rest.contains("--help");
        }
    }

    /** Finds the verb among the words. Options may stand before it, but only global ones may have a value there. */
    static Chosen choose(List<String> words) {
        List<String> path = new ArrayList<>();
        List<String> rest = new ArrayList<>();
        int next = 0;
        while (next < words.size() && !new Chosen(path, rest).isVerb()) {
            String word = words.get(next++);
            if (!word.startsWith("-")) {
                path.add(known(path, word));
                continue;
            }
            rest.add(word);
            if (takesValue(word) && next < words.size()) {
                rest.add(words.get(next++));
            }
        }
        rest.addAll(words.subList(next, words.size()));
        return new Chosen(path, rest);
    }

    static Verb verb(List<String> path) {
        return switch (String.join(" ", path)) {
            case "container run" -> new ContainerRun();
            case "container exec" -> new ContainerExec();
            case "container list" -> new ContainerList();
            case "container stop" -> new ContainerStop("stop", "stop containers");
            case "container restart" -> new ContainerStop("restart", "stop containers and start them once more");
            case "container kill" -> new ContainerKill();
            case "container wait" -> new ContainerWait();
            case "container logs" -> new ContainerLogs();
            case "container inspect" -> new Inspect("container", "5f0c9a");
            case "container stats" -> new ContainerStats();
            case "container update" -> new ContainerUpdate();
            case "container remove" -> new ContainerRemove();
            case "service add" -> new ServiceAdd();
            case "service list" -> new ServiceList();
            case "service inspect" -> new Inspect("service", "shop");
            case "service status" -> new ServiceStatus();
            case "service logs" -> new ServiceLogs();
            case "service deploy" -> new ServiceDeploy();
            case "service rollback" -> new ServiceRollback();
            case "service scale" -> new ServiceScale();
            case "service remove" -> new ServiceRemove();
            case "events" -> new Events();
            case "check" -> new CheckHost();
            case "version" -> new ShowVersion();
            case "completion" -> new Completion();
            default -> throw new IllegalStateException("no verb is called \"" + path + "\"");
        };
    }

    private static String known(List<String> path, String word) {
        List<String> candidates = path.isEmpty() ? TOP : verbsOf(path.getFirst());
        String name = path.isEmpty() ? word : withoutAlias(word);
        if (candidates.contains(name)) {
            return name;
        }
        String whole = path.isEmpty() ? word : path.getFirst() + " " + word;
        String hint = Nearest.to(word, candidates)
                .map(near -> "did you mean \"" + (path.isEmpty() ? near : path.getFirst() + " " + near) + "\"?")
                .orElse("known: " + String.join(", ", candidates));
        throw new WrongUsage("unknown command \"" + whole + "\"", hint);
    }

    private static String withoutAlias(String word) {
        return switch (word) {
            case "ls", "ps" -> "list";
            case "rm" -> "remove";
            default -> word;
        };
    }

    private static boolean takesValue(String word) {
        for (Option option : Option.GLOBAL) {
            if (option.takesValue() && option.name().equals(word)) {
                return true;
            }
        }
        return false;
    }
}
