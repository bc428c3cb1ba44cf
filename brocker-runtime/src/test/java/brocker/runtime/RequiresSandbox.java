package brocker.runtime;

import brocker.kernel.Linux;
import brocker.kernel.netlink.Rtnetlink;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs only as root, and fails where this process's network namespace has an uplink: these tests make bridges, and belong into
 * {@code scripts/sandbox}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresSandbox.Probe.class)
@SuppressWarnings("exports") // a test annotation of a named module
public @interface RequiresSandbox {
    /** An uplink is what a default route points to. */
    final class Probe implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            int uid = Linux.geteuid();
            if (uid != 0) {
                return ConditionEvaluationResult.disabled("probe failed: geteuid() is " + uid + ", not 0");
            }
            try (Rtnetlink netlink = Rtnetlink.open()) {
                if (netlink.routes().stream().anyMatch(route -> route.prefix() == 0)) {
                    throw new IllegalStateException(
                            "this network namespace has an uplink, and these tests make bridges:"
                                    + " run them as \"make test\" does, in scripts/sandbox");
                }
            }
            return ConditionEvaluationResult.enabled("root, without an uplink");
        }
    }
}
