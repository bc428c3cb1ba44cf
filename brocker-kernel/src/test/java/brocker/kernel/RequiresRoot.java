package brocker.kernel;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs only where the probe succeeds: {@code unshare(2)} of PID, network and mount namespaces. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresRoot.Probe.class)
@SuppressWarnings("exports") // a test annotation of a named module
public @interface RequiresRoot {
    /** The skip's reason is the failure itself. */
    final class Probe implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            try {
                InNamespaces.call("probe", () -> {
                    Linux.unshare(Linux.CLONE_NEWPID | Linux.CLONE_NEWNET | Linux.CLONE_NEWNS);
                    return "";
                });
                return ConditionEvaluationResult.enabled("namespaces can be made");
            } catch (KernelException e) {
                return ConditionEvaluationResult.disabled("probe failed: " + e.getMessage());
            }
        }
    }
}
