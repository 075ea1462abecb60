package org.rowmill.benchmarks;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.rowmill.schemas.Threads;

/** The head of {@link BareLoop}: publishes the rows on one thread and collects the results on another. */
final class BareHead {

    private static final long RECEIVE_MILLIS = 1_000;
    private static final int RECEIVES_WITHOUT_RESULT = 60;
    private static final long PUBLISHER_SECONDS = 10;

    private final ConsumerProcess process;
    private final BarePublisher publisher;
    private final FutureTask<Integer> publishing;
    private final Session session;
    private final MessageConsumer results;
    private final int rows;

    private BareHead(Connection publish, Connection collect, ConsumerProcess process, int rows) throws JMSException {
        this.process = process;
        this.publisher = new BarePublisher(publish, rows);
        this.publishing = new FutureTask<>(publisher);
        this.session = BareMessages.session(collect);
        this.results = session.createConsumer(session.createQueue(BareMessages.RESULTS));
        this.rows = rows;
    }

    /**
     * Passes rows through a running broker and consumer.
     *
     * @param broker the broker
     * @param process the consumer, which receives rows already
     * @param rows number of rows
     * @return times of the run
     * @throws IllegalStateException if a row did not come back, or came back twice
     */
    static LoopTimes run(BareBroker broker, ConsumerProcess process, int rows)
            throws JMSException, ExecutionException, InterruptedException, TimeoutException {
        ActiveMQConnectionFactory factory = broker.local();
        try (Connection publish = factory.createConnection();
                Connection collect = factory.createConnection()) {
            collect.start();
            BareHead head = new BareHead(publish, collect, process, rows);
            LoopTimes measured = head.measured();
            if (head.results.receiveNoWait() != null) {
                throw new IllegalStateException("more than " + rows + " results came back");
            }
            return measured;
        }
    }

    private LoopTimes measured() throws JMSException, ExecutionException, InterruptedException, TimeoutException {
        Duration headCpu = Cpu.of(ProcessHandle.current());
        Duration consumerCpu = process.cpu();
        long start = System.nanoTime();
        Threads.startDaemon("bare-publish", publishing);
        collect();
        return new LoopTimes(
                rows,
                Duration.ofNanos(System.nanoTime() - start),
                Cpu.of(ProcessHandle.current()).minus(headCpu),
                process.cpu().minus(consumerCpu));
    }

    private void collect() throws JMSException, ExecutionException, InterruptedException, TimeoutException {
        ArrivedRows arrived = new ArrivedRows(rows);
        for (int first = 0; first < rows; first += BareMessages.TRANSACTION_ROWS) {
            int count = Math.min(rows - first, BareMessages.TRANSACTION_ROWS);
            for (int i = 0; i < count; i++) {
                arrived.add(BareMessages.row(receive()));
            }
            session.commit();
            publisher.release(count);
        }
        publishing.get(PUBLISHER_SECONDS, TimeUnit.SECONDS);
    }

    private Message receive() throws JMSException, ExecutionException, InterruptedException {
        for (int i = 0; i < RECEIVES_WITHOUT_RESULT; i++) {
            Message result = results.receive(RECEIVE_MILLIS);
            if (result != null) {
                return result;
            }
            if (publishing.isDone()) {
                publishing.get(); // throws what ended it early
            }
            if (!process.isAlive()) {
                throw new IllegalStateException("the consumer has ended");
            }
        }
        throw new IllegalStateException("no result for " + RECEIVES_WITHOUT_RESULT + " s");
    }
}
