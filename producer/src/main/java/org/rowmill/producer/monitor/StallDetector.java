package org.rowmill.producer.monitor;

import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.rowmill.schemas.Times;
import org.rowmill.schemas.protocol.Heartbeat;

/** Notices that no row finishes any more, and says once what is waited for. Used by one thread. */
public final class StallDetector {

    private final Duration limit;
    private final LongFunction<String> indexOf;
    private long finished = -1;
    private long since;
    private boolean isTold;

    /**
     * Nothing has stalled yet.
     *
     * @param limit how long may pass without a row; zero: for ever
     * @param indexOf the index of a row that is out, by its number; blank: none is
     */
    public StallDetector(Duration limit, LongFunction<String> indexOf) {
        this.limit = limit;
        this.indexOf = indexOf;
    }

    /**
     * Looks.
     *
     * @param nowFinished rows done and failed
     * @param consumers those that give a sign of life
     * @param nanos the time
     * @return a warning, once each time that no row finishes; else blank
     */
    public String look(long nowFinished, List<Heartbeat> consumers, long nanos) {
        if (nowFinished != finished) {
            finished = nowFinished;
            since = nanos;
            isTold = false;
            return "";
        }
        if (isTold || limit.isZero() || nanos - since < limit.toNanos()) {
            return "";
        }
        isTold = true;
        return "no row has finished for " + Times.text(limit) + ". Waited for: " + waitedFor(consumers)
                + ". To end such rows: --timeout";
    }

    private String waitedFor(List<Heartbeat> consumers) {
        if (consumers.isEmpty()) {
            return "a consumer, as none gives a sign of life";
        }
        return consumers.stream().map(this::waitedFor).collect(Collectors.joining("; "));
    }

    private String waitedFor(Heartbeat consumer) {
        if (consumer.oldestRow() < 0) {
            return consumer.node() + " computes nothing";
        }
        String index = indexOf.apply(consumer.oldestRow());
        return consumer.node() + " computes " + consumer.busy() + (consumer.busy() == 1 ? " row" : " rows")
                + (index.isBlank() ? "" : ", the oldest " + index) + " since "
                + Times.text(Duration.ofSeconds(consumer.oldestMillis() / 1_000));
    }
}
