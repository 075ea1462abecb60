package org.rowmill.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.schemas.protocol.ResultMessage.Failure;
import org.rowmill.store.keys.IndexKey;

class InFlightRowsTest {

    private static final Failure CRASH = new Failure("", "ConsumerCrashed", "message", "", false);

    private final InFlightRows inFlight = new InFlightRows(3, 100, new RowTokens(1, 2));

    private static PlannedRow row(long number) {
        return new PlannedRow(List.of(number), new IndexKey(number, number), List.of(), Map.of(), false);
    }

    private long put(int bytes) {
        long number = inFlight.nextRow();
        assertThat(inFlight.tryPut(number, row(number), bytes)).isTrue();
        return number;
    }

    @Test
    void aDuplicateIsCountedAndDropped() {
        long number = put(10);

        assertThat(inFlight.take(number)).contains(row(number));
        assertThat(inFlight.take(number)).isEmpty();
        assertThat(inFlight.counts().duplicates()).isEqualTo(1);
    }

    @Test
    void theNumberOfRowsInFlightIsLimited() {
        long first = put(1);
        put(1);
        put(1);

        assertThat(inFlight.tryPut(9, row(9), 1)).isFalse();
        inFlight.take(first);
        assertThat(inFlight.tryPut(9, row(9), 1)).isTrue();
    }

    @Test
    void theBytesInFlightAreLimitedButOneLargeRowPasses() {
        long large = put(1000);

        assertThat(inFlight.tryPut(9, row(9), 1)).isFalse();
        inFlight.take(large);
        assertThat(inFlight.tryPut(9, row(9), 100)).isTrue();
        assertThat(inFlight.tryPut(10, row(10), 1)).isFalse();
    }

    @Test
    void aRowIsAPoisonRowAfterThreeCrashes() {
        long number = put(1);
        long innocent = put(1);

        assertThat(crash(number, innocent)).isEmpty();
        assertThat(crash(number)).isEmpty();
        assertThat(crash(number)).containsExactly(number);
        assertThat(inFlight.takeCrashes())
                .extracting(CrashedAttempt::number, CrashedAttempt::attempts, CrashedAttempt::isFailed)
                .containsExactly(tuple(number, 1, false), tuple(innocent, 1, false), tuple(number, 2, false));
    }

    private List<Long> crash(Long... rows) {
        return inFlight.recordCrash(List.of(rows), "n", CRASH);
    }

    @Test
    void aFailureWithoutAResultIsTakenOnce() {
        long number = put(1);
        inFlight.recordFailure(number, "n", CRASH);
        inFlight.recordFailure(77, "n", CRASH); // not in flight: ignored

        assertThat(inFlight.takeCrashes())
                .extracting(CrashedAttempt::number, CrashedAttempt::isFailed)
                .containsExactly(tuple(number, true));
        assertThat(inFlight.takeCrashes()).isEmpty();
    }

    @Test
    void aTokenIsValidForItsRowOnlyAndRemainsValid() {
        long number = put(1);
        long token = inFlight.token(number);

        assertThat(inFlight.isValidToken(number, token)).isTrue();
        assertThat(inFlight.isValidToken(number, token + 1)).isFalse();
        assertThat(inFlight.isValidToken(number + 1, inFlight.token(number + 1)))
                .as("a row that was not published")
                .isFalse();
        inFlight.take(number);
        assertThat(inFlight.isValidToken(number, token))
                .as("a duplicate has a valid token")
                .isTrue();
    }

    @Test
    void itIsFinishedWhenItIsClosedAndNoRowIsInFlight() {
        long number = put(1);
        inFlight.close();

        assertThat(inFlight.isFinished()).isFalse();
        inFlight.forget(number);
        assertThat(inFlight.isFinished()).isTrue();
    }
}
