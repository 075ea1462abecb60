package org.rowmill.producer.monitor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.rowmill.schemas.Times;
import org.rowmill.schemas.protocol.Heartbeat;

/** Detects that no row finishes any more, and describes what the run waits for. Used by one thread. */
public final class StallDetector {

    private final Duration limit;
    private final LongFunction<String> indexOf;
    private long lastFinished = -1;
    private long lastChange;
    private boolean isReported;

    /**
     * Creates a detector for one table.
     *
     * @param limit longest time without a finished row; zero: no limit
     * @param indexOf returns the index of a row in flight by its number; blank: unknown
     */
    public StallDetector(Duration limit, LongFunction<String> indexOf) {
        this.limit = limit;
        this.indexOf = indexOf;
    }

    /**
     * Checks whether rows have finished since the last call.
     *
     * @param finished rows done and failed
     * @param consumers the last heartbeat of each consumer
     * @param nanos the time
     * @return a warning, once for each stall
     */
    public Optional<String> check(long finished, List<Heartbeat> consumers, long nanos) {
        if (finished != lastFinished) {
            lastFinished = finished;
            lastChange = nanos;
            isReported = false;
            return Optional.empty();
        }
        if (isReported || limit.isZero() || nanos - lastChange < limit.toNanos()) {
            return Optional.empty();
        }
        isReported = true;
        return Optional.of("no row has finished for " + Times.text(limit) + ". The run waits for: " + causes(consumers)
                + ". To limit the time of a row: --timeout");
    }

    private String causes(List<Heartbeat> consumers) {
        if (consumers.isEmpty()) {
            return "a consumer; no consumer sends heartbeats";
        }
        return consumers.stream().map(this::cause).collect(Collectors.joining("; "));
    }

    private String cause(Heartbeat consumer) {
        if (consumer.oldestRow() < 0) {
            return consumer.node() + " computes no row";
        }
        String index = indexOf.apply(consumer.oldestRow());
        return consumer.node() + " computes " + consumer.busy() + (consumer.busy() == 1 ? " row" : " rows")
                + ", the oldest one" + (index.isBlank() ? "" : " (" + index + ")") + " for "
                + Times.text(Duration.ofSeconds(consumer.oldestMillis() / 1_000));
    }
}
