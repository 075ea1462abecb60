package org.rowmill.producer.nodes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.dispatch.ConsumerCrash;
import org.rowmill.producer.dispatch.InFlightRows;
import org.rowmill.producer.monitor.ConsumerRegistry;

/**
 * What the supervisors of a run's consumers share.
 *
 * @param rows the rows that the consumers compute
 * @param consumers counts their heartbeats
 * @param memoryPerSlot bytes of heap that a row needs; empty: unknown
 * @param logs directory of the run's logs
 * @param internalErrors of the consumers
 * @param console for messages
 */
public record RunContext(
        Rows rows,
        ConsumerRegistry consumers,
        OptionalLong memoryPerSlot,
        Path logs,
        InternalErrors internalErrors,
        Console console) {

    /**
     * The rows of the table that is being computed.
     *
     * @param crashes decides what happens to the rows of a consumer that crashed
     * @param inFlight the rows in flight; empty: no table is being computed
     * @param timeLimit the time that a row may take; zero: without limit
     */
    public record Rows(CrashHandler crashes, Supplier<Optional<InFlightRows>> inFlight, Supplier<Duration> timeLimit) {

        /** Decides what happens to the rows of a consumer that crashed. */
        public interface CrashHandler {
            void crashed(ConsumerCrash crash) throws InterruptedException;
        }

        /** Returns whether nothing is in flight and nothing will be published. */
        boolean areFinished() {
            return inFlight.get().map(InFlightRows::isFinished).orElse(true);
        }

        /** Returns how many rows of the table are done or failed. */
        long finished() {
            return inFlight.get()
                    .map(rows -> rows.counts().done() + rows.counts().failed())
                    .orElse(0L);
        }
    }
}
