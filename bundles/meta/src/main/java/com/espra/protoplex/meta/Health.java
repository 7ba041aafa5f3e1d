package com.espra.protoplex.meta;

import com.espra.protoplex.api.standing.Entrance;
import com.espra.protoplex.api.standing.NodeStanding;
import com.espra.protoplex.meta.MetaPort.Answer;
import java.util.List;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.ResultLog;
import org.apache.felix.hc.api.execution.HealthCheckExecutionResult;
import org.apache.felix.hc.api.execution.HealthCheckExecutor;
import org.apache.felix.hc.api.execution.HealthCheckSelector;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * Health by Felix Health Checks, in the way of Kubernetes' probes: <em>live</em> fails when the process should be ended, <em>ready</em>
 * when it should get no traffic for now. A check takes part by its tag, {@code live} or {@code ready}.
 */
final class Health {

    private final HealthCheckExecutor executor;

    Health(HealthCheckExecutor executor) {
        this.executor = executor;
    }

    Answer live() {
        return answer(executor.execute(HealthCheckSelector.tags("live")), "");
    }

    /** @param standing what keeps it from getting traffic, however it is; empty: nothing does */
    Answer ready(String standing) {
        return answer(executor.execute(HealthCheckSelector.tags("ready")), standing);
    }

    /** Why the apps' state and the operators' orders keep a node from getting traffic; empty: they do not. */
    static String standing(boolean restored, @Nullable NodeStanding standing) {
        if (!restored) {
            return "apps are not restored yet, or the node stops";
        }
        return standing == null || standing.entrance() == Entrance.OPEN
                ? ""
                : "its operator has it drained (./protoplex node uncordon ends that)";
    }

    private static Answer answer(List<HealthCheckExecutionResult> results, String standing) {
        boolean all = standing.isEmpty();
        StringBuilder lines = new StringBuilder();
        if (!standing.isEmpty()) {
            lines.append("node TEMPORARILY_UNAVAILABLE: ").append(standing).append('\n');
        }
        for (HealthCheckExecutionResult result : results) {
            Result.Status status = result.getHealthCheckResult().getStatus();
            all &= status == Result.Status.OK || status == Result.Status.WARN;
            lines.append(result.getHealthCheckMetadata().getTitle()).append(' ').append(status);
            for (ResultLog.Entry entry : result.getHealthCheckResult()) {
                lines.append(": ").append(entry.getMessage());
            }
            lines.append('\n');
        }
        String word = all ? "OK\n" : "NOT OK\n";
        return Answer.text(all ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503, word + lines);
    }
}
