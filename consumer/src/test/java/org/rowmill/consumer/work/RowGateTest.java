package org.rowmill.consumer.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rows in their own threads, which end when the test says so. */
@Timeout(60)
class RowGateTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final RowGate gate = new RowGate();
    private final List<Row> rows = new ArrayList<>();

    private final class Row {
        private final CountDownLatch ended = new CountDownLatch(1);
        private final Thread thread;
        private volatile boolean isComputed;
        private volatile boolean isRefused;

        Row(RowGate gate, boolean alone) {
            thread = new Thread(() -> run(gate, alone));
            thread.start();
            rows.add(this);
        }

        private void run(RowGate gate, boolean alone) {
            if (!gate.enter(alone)) {
                isRefused = true;
                return;
            }
            isComputed = true;
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            isComputed = false;
            gate.exit(alone);
        }

        void end() throws InterruptedException {
            ended.countDown();
            thread.join();
        }

        boolean isWaiting() {
            Thread.State state = thread.getState();
            return !isComputed && (state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING);
        }
    }

    @AfterEach
    void endAll() throws InterruptedException {
        rows.forEach(row -> row.ended.countDown());
        for (Row row : rows) {
            row.thread.join();
        }
    }

    private Row row(boolean alone) {
        return new Row(gate, alone);
    }

    private static void awaitComputed(Row row) {
        await().atMost(LIMIT).until(() -> row.isComputed);
    }

    @Test
    void ordinaryRowsAreComputedTogether() {
        awaitComputed(row(false));
        awaitComputed(row(false));

        assertThat(gate.isOpen()).isTrue();
    }

    @Test
    void aRowIsAloneAfterAllOthersHaveFinishedAndBeforeAnyOtherBegins() throws InterruptedException {
        Row first = row(false);
        Row second = row(false);
        awaitComputed(first);
        awaitComputed(second);
        Row alone = row(true);
        await().atMost(LIMIT).until(alone::isWaiting);
        assertThat(gate.isOpen()).isFalse();
        Row later = row(false);
        await().atMost(LIMIT).until(later::isWaiting);

        first.end();
        assertThat(alone.isComputed).isFalse();
        second.end();

        awaitComputed(alone);
        assertThat(later.isWaiting()).isTrue();
        alone.end();
        awaitComputed(later);
        later.end();
        assertThat(gate.isOpen()).isTrue();
    }

    @Test
    void aRowThatCannotBeAloneInTimeIsRefusedAndOtherRowsContinue() {
        RowGate impatient = new RowGate(Duration.ofMillis(100));
        awaitComputed(new Row(impatient, false));

        Row alone = new Row(impatient, true);
        Row later = new Row(impatient, false);

        await().atMost(LIMIT).until(() -> alone.isRefused);
        awaitComputed(later);
        await().atMost(LIMIT).until(impatient::isOpen);
    }

    @Test
    void anInterruptRefusesARowThatWaitsToBeAlone() {
        awaitComputed(row(false));
        Row alone = row(true);
        await().atMost(LIMIT).until(alone::isWaiting);

        alone.thread.interrupt();

        await().atMost(LIMIT).until(() -> alone.isRefused);
        awaitComputed(row(false));
    }

    @Test
    void aSlotWithoutARowWaitsUntilTheGateIsOpen() throws InterruptedException {
        Row alone = row(true);
        awaitComputed(alone);
        Thread slot = new Thread(gate::awaitOpen);
        slot.start();
        await().atMost(LIMIT).until(() -> slot.getState() == Thread.State.WAITING);

        alone.end();

        slot.join();
        assertThat(gate.isOpen()).isTrue();
    }

    @Test
    void noTwoRowsAreEverAloneAtOnce() throws InterruptedException {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger violations = new AtomicInteger();
        List<Thread> slots = new ArrayList<>();
        for (int slot = 0; slot < 4; slot++) {
            boolean first = slot == 0;
            slots.add(new Thread(() -> {
                for (int i = 0; i < 2_000; i++) {
                    boolean alone = i % (first ? 3 : 50) == 0;
                    boolean mayBegin = gate.enter(alone);
                    violations.addAndGet(!mayBegin || (inside.incrementAndGet() > 1 && alone) ? 1 : 0);
                    violations.addAndGet(inside.getAndDecrement() > 1 && alone ? 1 : 0);
                    gate.exit(alone);
                }
            }));
        }
        slots.forEach(Thread::start);
        for (Thread slot : slots) {
            slot.join();
        }

        assertThat(violations).hasValue(0);
        assertThat(inside).hasValue(0);
    }
}
