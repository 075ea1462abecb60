package org.rowmill.producer.dispatch;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.rowmill.broker.Rejections;
import org.rowmill.producer.console.StopSignal;
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
    private final Retries retries;
    private final RowCompletion completion;
    private final Collector collector;

    /**
     * Connections to the broker of the run.
     *
     * @param rows queue of rows
     * @param queues names of all queues
     * @param publishing connection that sends rows
     * @param collecting connection that receives results
     */
    public record Channel(RowQueue rows, Queues queues, Connection publishing, Connection collecting) {}

    /**
     * The table.
     *
     * @param number of the table in the run
     * @param columns number of its columns
     * @param retries how often a failed row is retried
     */
    public record TableRules(int number, int columns, int retries) {}

    /**
     * What the run knows of its nodes.
     *
     * @param names names of the nodes that compute now
     * @param health excludes nodes on which rows fail
     * @param limit time limit of rows
     * @param rejections counts invalid messages
     */
    public record Nodes(Supplier<Set<String>> names, NodeHealth health, RowLimit limit, Rejections rejections) {}

    /**
     * Opens the JMS sessions.
     *
     * @param channel the broker
     * @param table the table
     * @param nodes the nodes
     * @param inFlight the rows in flight
     * @param results writes results
     * @param report reports what happens to rows
     */
    public TableDispatch(
            Channel channel,
            TableRules table,
            Nodes nodes,
            InFlightRows inFlight,
            ResultWriter results,
            TableReport report)
            throws JMSException {
        this(channel, table, nodes, inFlight, results, report, LostRowDetector.PAUSE);
    }

    TableDispatch(
            Channel channel,
            TableRules table,
            Nodes nodes,
            InFlightRows inFlight,
            ResultWriter results,
            TableReport report,
            Duration lostRowPause)
            throws JMSException {
        long nanos = System.nanoTime();
        String resultQueue = channel.queues().results();
        nodes.health().beginTable(() -> inFlight.counts().inFlight());
        this.inFlight = inFlight;
        this.queue = channel.rows();
        this.publishing = new RowSender(channel.publishing(), queue, true);
        this.publisher = new Publisher(publishing, table.number(), inFlight);
        this.retrying = new RowSender(channel.publishing(), queue, false);
        this.retries = new Retries(
                retrying,
                new Retries.Rules(table.number(), table.columns(), table.retries(), nodes.names(), inFlight::token),
                nanos);
        this.completion = new RowCompletion(inFlight, retries, results, nodes.health(), nodes.limit(), report);
        this.collector = new Collector(
                channel.collecting(),
                resultQueue,
                new Collector.Rows(inFlight, retries, report),
                new ResultFilter(queue.codec(), table.number(), table.columns(), inFlight, retries, nodes.rejections()),
                completion,
                results,
                new LostRowDetector(queue::depth, () -> queue.broker().depth(resultQueue), lostRowPause, nanos));
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
        retries.cancel().forEach(inFlight::forget);
        queue.removeAll(inFlight::forget);
    }

    /** Returns the rows that failed in an earlier run and are done or given up in this one. */
    public Set<IndexKey> resolved() {
        return completion.resolved();
    }

    @Override
    public void close() throws JMSException {
        try (publishing;
                retrying) {
            collector.close();
        }
    }
}
