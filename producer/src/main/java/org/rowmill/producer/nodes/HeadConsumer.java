package org.rowmill.producer.nodes;

import java.io.IOException;
import java.time.Duration;

/** The consumer of the head's own computer. */
public interface HeadConsumer extends AutoCloseable {

    /** Starts it; what becomes of it is watched from then on. */
    void start() throws IOException;

    /** Ends it at once, results in it or not. */
    void kill();

    /** Says how long a row may take from now on; zero: for ever. */
    void limitRows(Duration limit);

    /** Ends it at once, and starts it again after this time; returns at once. */
    void exclude(Duration time);

    @Override
    void close() throws IOException;
}
