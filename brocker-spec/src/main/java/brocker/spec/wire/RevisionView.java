package brocker.spec.wire;

import java.time.Instant;
import java.util.Optional;

/**
 * One revision of a service: {@code {"number": 3, "state": "active", "created": "2026-11-23T19:25:26.123Z", "changed": "…"}}.
 *
 * @param changed when it came into its state
 * @param reason why it failed
 */
public record RevisionView(
        int number, RevisionState state, Instant created, Instant changed, Optional<String> reason) {}
