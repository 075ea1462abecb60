package org.rowmill.producer.nodes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.dispatch.ConsumerCrash;
import org.rowmill.producer.inflight.InFlightRows;
import org.rowmill.producer.monitor.ConsumerRegistry;
import org.rowmill.schemas.world.World;

/**
 * What the supervisors of a run's consumers share.
 *
 * @param rows the rows that the consumers compute
 * @param consumers counts their heartbeats
 * @param memoryPerSlot bytes of heap that a row needs; empty: unknown
 * @param world what consumers find around them
 * @param logs directory of the run's logs
 * @param internalErrors of the consumers
 * @param console for messages
 */
public record RunContext(
        Rows rows,
        ConsumerRegistry consumers,
        OptionalLong memoryPerSlot,
        World world,
        Path logs,
        InternalErrors internalErrors,
        Console console) {

    /**
     * The rows of the run.
     *
     * @param crashes receives the crashes of consumers
     * @param losses receives the losses of consumers that could not be asked for their rows: node and reason
     * @param inFlight the rows in flight
     * @param timeLimit the time that a row may take; zero: without limit
     */
    public record Rows(
            Consumer<ConsumerCrash> crashes,
            BiConsumer<String, String> losses,
            InFlightRows inFlight,
            Supplier<Duration> timeLimit) {

        /** Returns whether nothing is in flight and nothing will be published. */
        boolean areFinished() {
            return inFlight.isFinished();
        }

        /** Returns how many rows of the current table are done or failed. */
        long finished() {
            return inFlight.counts().finished();
        }
    }
}
