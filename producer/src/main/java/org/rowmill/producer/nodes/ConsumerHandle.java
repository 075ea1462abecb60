package org.rowmill.producer.nodes;

import java.io.IOException;
import java.time.Duration;
import org.rowmill.mounter.NodeFault;
import org.rowmill.producer.dispatch.ConsumerEnd;

/**
 * Carries out what {@link ConsumerLife} decides: on the head for a child process, on another node through SSH. Only the
 * supervisor's thread calls the methods, except {@link #kill} and {@link #cancel}.
 */
interface ConsumerHandle {

    /**
     * Connects to the node and prepares it for a consumer.
     *
     * @param events of the session, which lasts until {@link #abort} or {@link #close}
     * @throws NodeFault if the node cannot be used
     * @throws InterruptedException after {@link #cancel}
     */
    void connect(NodeEventQueue.Session events) throws NodeFault, InterruptedException;

    /**
     * Starts a consumer in the session. {@link NodeEvent.ConsumerEnded} reports its end.
     *
     * @throws NodeFault if the consumer does not start, but may on another attempt
     * @throws IOException if no consumer can be started any more
     * @throws InterruptedException after {@link #cancel}
     */
    void start(NodeEventQueue.Session events) throws NodeFault, IOException, InterruptedException;

    /**
     * Ends {@link #connect} and {@link #start} soon, also when they are called later. What they have begun, {@link
     * #close} ends. Thread-safe; returns at once.
     */
    void cancel();

    /** Returns the process id of the latest consumer; 0 before the first. */
    long pid();

    /** Returns how many heartbeats the latest consumer has sent. */
    long heartbeats();

    /** Returns whether the consumer that has just ended computed rows. Asked once for each. */
    boolean hasComputed(long pid);

    /** Sets the time that a row may take from now on; not zero. */
    void limitRows(Duration limit) throws IOException;

    /** Lets the consumer finish the rows that it computes, and end. */
    void drain() throws IOException;

    /** Kills the consumer. Thread-safe. */
    void kill() throws IOException;

    /** Ends consumer and session at once, even if the consumer computes rows. */
    void abort() throws InterruptedException;

    /** Ends the consumer, if there is one, and the session. */
    void close() throws InterruptedException;

    /**
     * Reports that no consumer stays alive on the node.
     *
     * @param end why the last one ended
     * @param times how many have ended so in a row
     */
    void giveUp(ConsumerEnd end, int times);

    /** Reports an error after which the consumer is no longer supervised. */
    void report(Exception error);
}
