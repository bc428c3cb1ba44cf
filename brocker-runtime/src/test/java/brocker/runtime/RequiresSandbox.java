package brocker.runtime;

import brocker.kernel.Linux;
import brocker.kernel.netlink.Rtnetlink;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Of the kernel ring: fails without root, and if this process's network namespace has an uplink, as these tests make bridges. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("kernel")
@ExtendWith(RequiresSandbox.Probe.class)
@SuppressWarnings("exports") // a test annotation of a named module
public @interface RequiresSandbox {
    /** An uplink is what a default route points to. */
    final class Probe implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (Linux.geteuid() != 0) {
                throw new IllegalStateException("these tests need root: run them with sudo make kernel");
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
