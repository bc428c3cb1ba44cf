package brocker.runtime.process;

import brocker.spec.BrockerException;

/**
 * The user and group ids of the host that are 0, 1, … in a container's user namespace, see {@code user_namespaces(7)}.
 *
 * @param first what root inside is outside
 */
public record UserIds(int first, int count) {
    /** As many as a system with 16 bits had: every user and group of a distribution, nobody (65534) included. */
    public static final int COUNT = 1 << 16;

    /**
     * Above what {@code subuid(5)} hands out (600100000), within what systemd keeps free for containers (to 1879048191, see its
     * "Users, Groups, UIDs and GIDs on systemd Systems").
     */
    private static final int LOWEST = 1 << 30;

    private static final int RANGES = (1879048191 - LOWEST) / COUNT;

    /** A range of its own for every number up to 12287. */
    public static UserIds numbered(int number) {
        return new UserIds(LOWEST + Math.floorMod(number, RANGES) * COUNT, COUNT);
    }

    /** What an id of the inside is outside. */
    public int outside(int inside) {
        return first + inside;
    }

    /**
     * Makes sure that the namespace knows a user.
     *
     * @throws BrockerException.CannotStart when it has an id that does not exist inside
     */
    public void require(Credentials user) {
        if (user.uid() >= count || user.gid() >= count || user.groups().stream().anyMatch(id -> id >= count)) {
            throw new BrockerException.CannotStart(
                    "unmapped-user",
                    "the user \"" + user.uid() + ":" + user.gid() + "\" has an id above " + (count - 1)
                            + ", which the container's user namespace does not have",
                    "choose another, or write \"user-namespace\": false");
        }
    }
}
