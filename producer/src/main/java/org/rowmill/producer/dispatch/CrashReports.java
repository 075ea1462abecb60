package org.rowmill.producer.dispatch;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.inflight.Crash;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

/**
 * The crashes of consumers that the collector has not handled yet. Supervisors add them, the collector takes them.
 * Thread-safe.
 */
public final class CrashReports {

    private final Queue<ConsumerCrash> crashes = new ConcurrentLinkedQueue<>();

    /** Adds the crash of a consumer. Returns at once. */
    public void add(ConsumerCrash crash) {
        crashes.add(crash);
    }

    /** Removes the next crash, as the owner of the rows needs it. Empty if there is none. */
    Optional<Crash> poll() {
        @Nullable ConsumerCrash next = crashes.poll();
        return next == null ? Optional.empty() : Optional.of(event(next));
    }

    private static Crash event(ConsumerCrash crash) {
        String message = "the consumer " + crash.where() + crash.how() + " while it computed this row";
        boolean isCausedByRows = crash.cause() != ConsumerEnd.Cause.BROKER_LOST;
        return new Crash(
                isCausedByRows ? crash.inHand() : List.of(),
                crash.node(),
                crash.cause() == ConsumerEnd.Cause.OUT_OF_MEMORY,
                new Failure("", "ConsumerCrashed", message, "", false),
                overdueFailure(crash));
    }

    private static Failure overdueFailure(ConsumerCrash crash) {
        String stack = crash.lastLines().stream()
                .map(String::strip)
                .filter(line -> line.startsWith("at "))
                .collect(Collectors.joining("\n"));
        return new Failure(
                "",
                TimeoutException.class.getName(),
                "exceeded its time limit (--timeout, @Column(timeout)) and ignored the interrupt;"
                        + " the consumer was replaced",
                stack,
                true);
    }
}
