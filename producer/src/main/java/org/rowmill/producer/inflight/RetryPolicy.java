package org.rowmill.producer.inflight;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.rowmill.schemas.BackOff;

/** Decides how a failed row is tried again. Plain functions. */
final class RetryPolicy {

    static final BackOff BACK_OFF = new BackOff(Duration.ofMillis(250), 4, Duration.ofMinutes(1));

    /** A row waits no longer than this for a node on which it has not failed. */
    static final Duration PREFERENCE = Duration.ofSeconds(2);

    /** Limits the time between two looks at a row that waits for a node. */
    static final Duration LONGEST_PATIENCE = Duration.ofSeconds(30);

    private RetryPolicy() {}

    /** What happens to a row after a failed attempt. */
    enum Next {
        /** Another attempt, on another node if one is free soon. */
        RETRY,
        /** Another attempt, only on a node where the row has not failed. */
        RETRY_ELSEWHERE,
        GIVE_UP
    }

    /**
     * Decides after a failed attempt. If all attempts failed on one node because no other node was free, the row gets
     * one more attempt on another node: the cause may be the node.
     *
     * @param failures all failed attempts, the last one included
     * @param retries how many retries the user permits
     * @param nodes names of the nodes that compute now
     */
    static Next next(List<FailedAttempt> failures, int retries, Set<String> nodes) {
        if (!failures.get(failures.size() - 1).isRetryable() || retries == 0) {
            return Next.GIVE_UP;
        }
        if (failures.size() <= retries) {
            return Next.RETRY;
        }
        Set<String> failed = nodesOf(failures);
        boolean isExtra = failures.size() == retries + 1 && failed.size() == 1;
        return isExtra && nodes.stream().anyMatch(node -> !failed.contains(node)) ? Next.RETRY_ELSEWHERE : Next.GIVE_UP;
    }

    static Set<String> nodesOf(List<FailedAttempt> failures) {
        return failures.stream().map(FailedAttempt::node).collect(Collectors.toUnmodifiableSet());
    }
}
