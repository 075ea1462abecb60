package org.rowmill.consumer.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.rowmill.consumer.process.RunningConsumer.LIMIT;
import static org.rowmill.consumer.process.RunningConsumer.QUEUES;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.consumer.connection.BrokerLink;
import org.rowmill.consumer.work.Samples;
import org.rowmill.schemas.protocol.ConsumerControl;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.ResultMessage.Kind;
import org.rowmill.schemas.protocol.RowMessage;

/** Rows that a consumer does not compute at once: it returns them to the head or to the broker, or they wait. */
@Tag("slow")
class ReturnedRowsTest {

    /** Rows of a transaction whose last row is long. */
    private static final int MOST_UNCOMMITTED = 256;

    @TempDir
    private Path directory;

    private RunningConsumer consumer;

    @BeforeEach
    void startBroker() throws JMSException {
        consumer = new RunningConsumer(directory);
    }

    @AfterEach
    void stopAll() throws JMSException {
        consumer.close();
    }

    private void unblock() throws IOException {
        Files.createFile(directory.resolve(Samples.Blocking.GO));
    }

    /** Receives rows and does not acknowledge them. */
    private void deliver(int rows) throws JMSException {
        try (Session session = consumer.head().createSession(true, Session.SESSION_TRANSACTED);
                MessageConsumer other = session.createConsumer(session.createQueue(QUEUES.rows()))) {
            for (int i = 0; i < rows; i++) {
                assertThat(other.receive(LIMIT.toMillis())).isNotNull();
            }
            session.rollback();
        }
    }

    /** Takes all rows that wait in the broker. Returns how often each was delivered, with this time. */
    private Map<Long, Integer> takeWaiting() throws JMSException, IOException {
        Map<Long, Integer> deliveries = new TreeMap<>();
        try (MessageConsumer other =
                consumer.session().createConsumer(consumer.session().createQueue(QUEUES.rows()))) {
            for (Message row = other.receiveNoWait(); row != null; row = other.receiveNoWait()) {
                RowMessage message =
                        RunningConsumer.codec(Samples.Blocking.class).decodeRow(BrokerLink.body(row));
                deliveries.put(message.row(), row.getIntProperty("JMSXDeliveryCount"));
            }
        }
        return deliveries;
    }

    private long blocked() {
        return consumer.log().lines().filter(line -> line.contains("blocked")).count();
    }

    @Test
    void redeliveredRowsAreReturnedAndNotComputed() throws Exception {
        consumer.publish(Samples.Powers.class, 300);
        deliver(200);
        consumer.start(Samples.Powers.class);

        Map<Long, ResultMessage> results = consumer.results(Samples.Powers.class, 300);

        assertThat(results.values()).allSatisfy(result -> {
            boolean isRedelivered = result.row() < 200;
            assertThat(result.kind()).isEqualTo(isRedelivered ? Kind.REDELIVERED : Kind.COMPUTED);
            assertThat(result.values()).hasSize(isRedelivered ? 0 : 3);
            assertThat(result.token()).isEqualTo(-result.row());
            assertThat(result.attempt()).isEqualTo(1);
        });
        await().atMost(LIMIT).until(() -> consumer.broker().depth(QUEUES.rows()) == 0);
    }

    @Test
    void noOtherRowIsComputedWhileARowIsAlone() throws Exception {
        consumer.publish(Samples.Crowded.class, 60, row -> Samples.Crowded.isAlone((int) row));
        consumer.start(Samples.Crowded.class);

        Map<Long, ResultMessage> results = consumer.results(Samples.Crowded.class, 60);

        assertThat(results.values()).allSatisfy(result -> {
            assertThat(result.kind()).isEqualTo(Kind.COMPUTED);
            if (Samples.Crowded.isAlone((int) result.row())) {
                assertThat(result.values().get(0)).as("rows at once").isEqualTo(1);
            }
        });
    }

    @Test
    void rowsBehindALongRowAreComputedByOtherSlots() throws Exception {
        int rows = Samples.Blocking.LONG_ROWS * 3 / 2; // one of them is long
        consumer.publish(Samples.Blocking.class, rows);
        consumer.start(Samples.Blocking.class);

        Map<Long, ResultMessage> results = consumer.results(Samples.Blocking.class, rows - MOST_UNCOMMITTED);
        assertThat(blocked()).isEqualTo(1);
        unblock();
        results.putAll(consumer.results(Samples.Blocking.class, MOST_UNCOMMITTED));

        assertThat(results).hasSize(rows);
        assertThat(results.values())
                .allSatisfy(result -> assertThat(result.kind()).isEqualTo(Kind.COMPUTED));
        await().atMost(LIMIT).until(() -> consumer.broker().depth(QUEUES.rows()) == 0);
    }

    @Test
    void rowsBehindLongRowsReturnToTheBrokerAsNotDelivered() throws Exception {
        int rows = 2 * Samples.Blocking.LONG_ROWS;
        consumer.publish(Samples.Blocking.class, rows);
        consumer.start(Samples.Blocking.class);
        await().atMost(LIMIT).until(() -> blocked() == 2); // both slots

        Map<Long, Integer> deliveries = new TreeMap<>();
        await().atMost(LIMIT).until(() -> {
            deliveries.putAll(takeWaiting());
            return consumer.broker().depth(QUEUES.rows()) <= 2 * MOST_UNCOMMITTED;
        });
        unblock();
        Map<Long, ResultMessage> results = consumer.results(Samples.Blocking.class, rows - deliveries.size());

        assertThat(deliveries.values()).containsOnly(1);
        assertThat(results.keySet()).doesNotContainAnyElementsOf(deliveries.keySet());
        assertThat(results.values())
                .allSatisfy(result -> assertThat(result.kind()).isEqualTo(Kind.COMPUTED));
    }

    /** One slot is in a long row. The other one has a row that must be alone, or waits for the end of that row. */
    @Test
    void aDrainedConsumerFinishesItsRowsAndReturnsTheOthersAsNotDelivered() throws Exception {
        int rows = 2 * Samples.Blocking.LONG_ROWS;
        consumer.publish(Samples.Blocking.class, rows, row -> row > 0 && row % 300 == 0);
        consumer.start(Samples.Blocking.class);
        await().atMost(LIMIT).until(() -> blocked() > 0);

        ConsumerControl.DRAIN.writeTo(consumer.process().getOutputStream());
        unblock();

        assertThat(consumer.exitCode(LIMIT)).isZero();
        int computed = (int) consumer.broker().depth(QUEUES.results());
        Map<Long, Integer> returned = takeWaiting();
        assertThat(returned).hasSize(rows - computed);
        assertThat(returned.values().stream().filter(count -> count > 1))
                .as("rows that the slots received in that moment")
                .hasSizeLessThanOrEqualTo(2);
        assertThat(consumer.results(Samples.Blocking.class, computed).values())
                .allSatisfy(result -> assertThat(result.kind()).isEqualTo(Kind.COMPUTED));
    }
}
