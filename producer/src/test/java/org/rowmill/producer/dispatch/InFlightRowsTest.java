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

    private static final Failure DIED = new Failure("", "ConsumerDied", "message", "", false);

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
    void aSecondResultOfARowIsCountedAndDropped() {
        long number = put(10);

        assertThat(inFlight.take(number)).contains(row(number));
        assertThat(inFlight.take(number)).isEmpty();
        assertThat(inFlight.counts().duplicates()).isEqualTo(1);
    }

    @Test
    void noMoreRowsAreOutThanThereIsRoomFor() {
        long first = put(1);
        put(1);
        put(1);

        assertThat(inFlight.tryPut(9, row(9), 1)).isFalse();
        inFlight.take(first);
        assertThat(inFlight.tryPut(9, row(9), 1)).isTrue();
    }

    @Test
    void theirBytesAreBoundedTooButOneLargeRowPasses() {
        long large = put(1000);

        assertThat(inFlight.tryPut(9, row(9), 1)).isFalse();
        inFlight.take(large);
        assertThat(inFlight.tryPut(9, row(9), 100)).isTrue();
        assertThat(inFlight.tryPut(10, row(10), 1)).isFalse();
    }

    @Test
    void aRowInTheHandsOfThreeConsumersThatDiedIsAKiller() {
        long number = put(1);
        long innocent = put(1);

        assertThat(died(number, innocent)).isEmpty();
        assertThat(died(number)).isEmpty();
        assertThat(died(number)).containsExactly(number);
        assertThat(inFlight.takeCrashes())
                .extracting(
                        InFlightRows.CrashedAttempt::number,
                        InFlightRows.CrashedAttempt::attempts,
                        InFlightRows.CrashedAttempt::isSetAside)
                .containsExactly(tuple(number, 1, false), tuple(innocent, 1, false), tuple(number, 2, false));
    }

    private List<Long> died(Long... inHand) {
        return inFlight.died(List.of(inHand), "n", DIED);
    }

    @Test
    void whatIsSetAsideReachesTheCollectorOnce() {
        long number = put(1);
        inFlight.setAside(number, "n", DIED);
        inFlight.setAside(77, "n", DIED); // not out: nothing to set aside

        assertThat(inFlight.takeCrashes())
                .extracting(InFlightRows.CrashedAttempt::number, InFlightRows.CrashedAttempt::isSetAside)
                .containsExactly(tuple(number, true));
        assertThat(inFlight.takeCrashes()).isEmpty();
    }

    @Test
    void aTicketIsGoodForItsRowOnceThatWentOutAndStaysSo() {
        long number = put(1);
        long token = inFlight.token(number);

        assertThat(inFlight.wasGiven(number, token)).isTrue();
        assertThat(inFlight.wasGiven(number, token + 1)).isFalse();
        assertThat(inFlight.wasGiven(number + 1, inFlight.token(number + 1)))
                .as("a row that did not go out")
                .isFalse();
        inFlight.take(number);
        assertThat(inFlight.wasGiven(number, token))
                .as("a second result is no lie")
                .isTrue();
    }

    @Test
    void itIsFinishedWhenClosedAndEachRowIsBack() {
        long number = put(1);
        inFlight.close();

        assertThat(inFlight.isFinished()).isFalse();
        inFlight.forget(number);
        assertThat(inFlight.isFinished()).isTrue();
    }
}
