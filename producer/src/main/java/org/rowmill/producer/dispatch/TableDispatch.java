package org.rowmill.producer.dispatch;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.rowmill.broker.Rejections;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.producer.inflight.ComputingNodes;
import org.rowmill.producer.inflight.InFlightRows;
import org.rowmill.producer.plan.PlanQueue;
import org.rowmill.schemas.protocol.Queues;
import org.rowmill.store.keys.IndexKey;

/**
 * Publishes the rows of one table and collects their results. One thread publishes, another one collects; {@link
 * #close} is called after both.
 */
public final class TableDispatch implements AutoCloseable {

    private final InFlightRows inFlight;
    private final RowQueue queue;
    private final RowSender publishing;
    private final RowSender retrying;
    private final Publisher publisher;
    private final DecisionExecutor executor;
    private final Collector collector;

    /**
     * The broker of the run.
     *
     * @param rows queue of rows
     * @param queues names of all queues
     * @param collecting connection that receives results
     */
    public record Channel(RowQueue rows, Queues queues, Connection collecting) {}

    /**
     * What the run knows of its nodes.
     *
     * @param computing the nodes that compute now
     * @param health excludes nodes on which rows fail
     * @param limit time limit of rows
     * @param rejections counts invalid messages
     * @param crashes the crashes of consumers
     * @param refused what nodes tried to change and may not
     */
    public record Nodes(
            ComputingNodes computing,
            NodeHealth health,
            RowLimit limit,
            Rejections rejections,
            CrashReports crashes,
            RefusedChanges refused) {}

    /**
     * Opens the JMS sessions. The rows in flight have begun the table.
     *
     * @param channel the broker
     * @param table number of the table in the run
     * @param nodes the nodes
     * @param inFlight the rows in flight
     * @param results writes results
     * @param report reports what happens to rows
     */
    public TableDispatch(
            Channel channel, int table, Nodes nodes, InFlightRows inFlight, ResultWriter results, TableReport report)
            throws JMSException {
        this(channel, table, nodes, inFlight, results, report, LostRowDetector.PAUSE);
    }

    TableDispatch(
            Channel channel,
            int table,
            Nodes nodes,
            InFlightRows inFlight,
            ResultWriter results,
            TableReport report,
            Duration lostRowPause)
            throws JMSException {
        String resultQueue = channel.queues().results();
        Room room = new Room();
        nodes.health().beginTable(() -> inFlight.counts().inFlight());
        this.inFlight = inFlight;
        this.queue = channel.rows();
        this.publishing = new RowSender(queue.broker().sender(queue.name()), queue);
        this.publisher = new Publisher(publishing, table, inFlight, room);
        this.retrying = new RowSender(queue.broker().sender(queue.name()), queue);
        this.executor = new DecisionExecutor(results, nodes.health(), nodes.limit(), nodes.rejections(), report, room);
        LostRowDetector lostRows =
                new LostRowDetector(messages(queue, resultQueue, inFlight), lostRowPause, System.nanoTime());
        RowEvents events = new RowEvents(
                inFlight,
                nodes.computing(),
                nodes.crashes(),
                nodes.refused(),
                queue.codec(),
                retrying,
                lostRows,
                executor);
        this.collector = new Collector(channel.collecting(), resultQueue, events, results);
    }

    private static LostRowDetector.Messages messages(RowQueue queue, String resultQueue, InFlightRows inFlight) {
        return new LostRowDetector.Messages() {
            @Override
            public long rows() {
                return queue.depth();
            }

            @Override
            public long results() {
                return queue.broker().depth(resultQueue);
            }

            @Override
            public void removeStale() {
                queue.retain(inFlight::isCurrent);
            }
        };
    }

    /** Publishes until the plan is exhausted or a stop is requested. */
    public void publishAll(PlanQueue plan, StopSignal stop) throws JMSException, InterruptedException {
        publisher.publishAll(plan, stop);
    }

    /**
     * Collects until no row is in flight and no more rows will be published.
     *
     * @param betweenResults called again and again, on this thread
     * @throws IOException if a part cannot be written; parts published before are safe
     */
    public void collectAll(Runnable betweenResults) throws JMSException, IOException, InterruptedException {
        collector.collectAll(betweenResults);
    }

    /** Takes back all rows that no consumer has, and cancels all retries. Called by the collecting thread. */
    public void takeBackRows() {
        inFlight.forgetWaiting();
        queue.removeAll(inFlight::forget);
    }

    /** Returns the rows that failed in an earlier run and are done or given up in this one. */
    public Set<IndexKey> resolved() {
        return executor.resolved();
    }

    @Override
    public void close() throws JMSException {
        try (publishing;
                retrying) {
            collector.close();
        }
    }
}
