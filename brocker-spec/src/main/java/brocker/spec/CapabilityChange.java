package brocker.spec;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a container may do more, and less, than the default: {@code {"add": ["NET_RAW"], "drop": ["CHOWN"]}}. With {@code "drop": ["ALL"]}
 * it has what is added and nothing else, with {@code "add": ["ALL"]} everything but what is dropped.
 */
public record CapabilityChange(List<CapabilityName> add, List<CapabilityName> drop) {
    public static final CapabilityChange NONE = new CapabilityChange(List.of(), List.of());

    public CapabilityChange {
        add = List.copyOf(add);
        drop = List.copyOf(drop);
        for (CapabilityName name : drop) {
            if (add.contains(name)) {
                throw new BrockerException.Invalid(
                                "contradicting-capabilities",
                                "\"" + name + "\" is both added and dropped",
                                "remove it from \"add\" or from \"drop\"")
                        .at("drop");
            }
        }
    }

    /** What becomes of a set. */
    public Set<Capability> of(Set<Capability> before) {
        Set<Capability> after = EnumSet.noneOf(Capability.class);
        after.addAll(before);
        // ALL is the set that the other list then changes, so it comes first; nothing else is in both lists.
        add.stream().filter(CapabilityName::isAll).forEach(all -> after.addAll(all.members()));
        drop.forEach(name -> after.removeAll(name.members()));
        add.stream().filter(name -> !name.isAll()).forEach(name -> after.addAll(name.members()));
        return after;
    }
}
