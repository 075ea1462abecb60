package org.rowmill.consumer.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The time limits of a slot, with a clock that the test moves. This thread is the thread of the slot. */
class DeadlineTest {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private long now = 1_000;
    private final Deadlines deadlines = new Deadlines(2, () -> now);
    private final Deadline slot = deadlines.of(1);

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private boolean isInterrupted() {
        assertThat(deadlines.check(now)).isEmpty();
        return Thread.currentThread().isInterrupted();
    }

    @Test
    void aRowIsInterruptedWhenItExceedsTheLimitOfRows() {
        deadlines.limitRows(LIMIT);
        slot.beginRow();
        pass(LIMIT);
        assertThat(isInterrupted()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(isInterrupted()).isTrue();

        assertThat(slot.endMethod()).hasValueSatisfying(expired -> {
            assertThat(expired.isOfRow()).isTrue();
            assertThat(expired.message()).isEqualTo("it took longer than 10m (--timeout)");
            assertThat(expired.stack()).isNotEmpty();
        });
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(slot.endMethod()).as("the other methods have no time either").isPresent();
    }

    @Test
    void aMethodIsInterruptedAndTheNextOneHasItsOwnTime() {
        slot.beginRow();
        slot.beginMethod(LIMIT);
        pass(LIMIT);
        assertThat(isInterrupted()).isTrue();

        assertThat(slot.endMethod()).hasValueSatisfying(expired -> {
            assertThat(expired.isOfRow()).isFalse();
            assertThat(expired.message()).isEqualTo("it took longer than 10m (@Column(timeout))");
        });
        slot.beginMethod(LIMIT);
        assertThat(isInterrupted()).isFalse();
        assertThat(slot.endMethod()).isEmpty();
    }

    @Test
    void anInterruptedRowIsOverdueAfterTheGracePeriod() {
        deadlines.limitRows(LIMIT);
        slot.beginRow();
        pass(LIMIT.plusNanos(1));
        assertThat(isInterrupted()).isTrue();
        pass(Deadline.GRACE);
        assertThat(deadlines.check(now)).isEmpty();
        pass(Duration.ofNanos(1));
        assertThat(deadlines.check(now)).isEqualTo(OptionalInt.of(1));
    }

    @Test
    void anIdleSlotIsNeverInterrupted() {
        deadlines.limitRows(LIMIT);
        slot.beginRow();
        slot.endRow();
        pass(LIMIT.multipliedBy(2));
        assertThat(isInterrupted()).isFalse();
        assertThat(slot.age(now)).isEmpty();
        assertThat(slot.stack()).isEmpty();
        assertThat(deadlines.oldest(now)).isEmpty();
    }

    @Test
    void theSlotWithTheOldestRowIsFound() {
        slot.beginRow();
        pass(LIMIT);
        deadlines.of(0).beginRow();
        assertThat(deadlines.oldest(now)).isEqualTo(OptionalInt.of(1));
        assertThat(slot.age(now)).hasValue(LIMIT.toNanos());
    }
}
