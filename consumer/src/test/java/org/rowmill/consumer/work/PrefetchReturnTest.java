package org.rowmill.consumer.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** When prefetched rows are returned, with a time that the test chooses. */
class PrefetchReturnTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** Longer ago than any clock of the JVM can be. */
    private static final long START = Long.MAX_VALUE - SECOND / 2;

    private final PrefetchReturn prefetchReturn = new PrefetchReturn();
    private int returned;

    @Test
    void theRowsAreReturnedOnceAfterASecond() throws JMSException {
        prefetchReturn.leave(() -> returned++, START);

        prefetchReturn.check(START + SECOND);
        assertThat(returned).isZero();
        prefetchReturn.check(START + SECOND + 1);
        assertThat(returned).isEqualTo(1);
        prefetchReturn.check(START + 2 * SECOND);
        assertThat(returned).isEqualTo(1);

        assertThat(prefetchReturn.comeBack()).as("still receives rows").isFalse();
    }

    @Test
    void nothingIsReturnedAfterASlotHasComeBack() throws JMSException {
        prefetchReturn.leave(() -> returned++, START);
        assertThat(prefetchReturn.comeBack()).as("still receives rows").isTrue();

        prefetchReturn.check(START + 2 * SECOND);

        assertThat(returned).isZero();
    }

    @Test
    void eachTimeAwayCountsFromItsOwnBegin() throws JMSException {
        prefetchReturn.leave(() -> returned++, START);
        prefetchReturn.comeBack();
        prefetchReturn.leave(() -> returned++, START + SECOND);

        prefetchReturn.check(START + SECOND + 1);

        assertThat(returned).isZero();
    }

    @Test
    void aSlotThatComesBackWaitsWhileItsRowsAreReturned() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicBoolean isEnded = new AtomicBoolean();
        prefetchReturn.leave(
                () -> {
                    begun.countDown();
                    awaitUninterrupted(end);
                    isEnded.set(true);
                },
                0);
        Thread checking = new Thread(() -> check(2 * SECOND));
        checking.start();
        begun.await();
        AtomicBoolean wasEnded = new AtomicBoolean();
        Thread slot = new Thread(() -> wasEnded.set(!prefetchReturn.comeBack() && isEnded.get()));
        slot.start();
        await().atMost(LIMIT).until(() -> slot.getState() == Thread.State.BLOCKED);

        end.countDown();

        slot.join();
        checking.join();
        assertThat(wasEnded).isTrue();
    }

    private void check(long nanos) {
        try {
            prefetchReturn.check(nanos);
        } catch (JMSException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
