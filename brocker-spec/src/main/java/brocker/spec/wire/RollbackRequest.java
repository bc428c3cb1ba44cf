package brocker.spec.wire;

import java.util.Optional;

/** To which revision a service is to go back: {@code {"to": 3}}; without a number to the one that was active before. */
public record RollbackRequest(Optional<Integer> to) {}
