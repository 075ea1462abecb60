package org.rowmill.producer.nodes;

import java.io.IOException;
import java.time.Duration;

/** The consumer of the head. */
public interface HeadConsumer extends AutoCloseable {

    /** Starts the consumer, and watches it from then on. */
    void start() throws IOException;

    /**
     * Ends the consumer, because the run is over. From now on it is not replaced, and what happens to it means nothing.
     * Returns at once; {@link #close} waits.
     */
    void announceStop();

    /** Ends the consumer at once. Results that it has not sent are lost. */
    void kill();

    /** Sets the time that a row may take from now on; zero: without limit. */
    void limitRows(Duration limit);

    /** Ends the consumer at once and starts another after this time; returns at once. */
    void exclude(Duration time);

    /** Ends the consumer and waits for its end, some seconds at most. */
    @Override
    void close() throws IOException;
}
