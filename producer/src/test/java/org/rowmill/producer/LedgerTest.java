package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rowmill.schemas.ResultMessage.Failure;

class LedgerTest {

    private final Ledger ledger = new Ledger(3, 100, new Tickets(1, 2));

    private static PlannedRow row(long number) {
        return new PlannedRow(List.of(number), new IndexKey(number, number), List.of(), Map.of(), false);
    }

    private long put(int bytes) {
        long number = ledger.nextRow();
        assertThat(ledger.tryPut(number, row(number), bytes)).isTrue();
        return number;
    }

    @Test
    void aSecondResultOfARowIsCountedAndDropped() {
        long number = put(10);

        assertThat(ledger.take(number)).contains(row(number));
        assertThat(ledger.take(number)).isEmpty();
        assertThat(ledger.counts().doubles()).isEqualTo(1);
    }

    @Test
    void noMoreRowsAreOutThanThereIsRoomFor() {
        long first = put(1);
        put(1);
        put(1);

        assertThat(ledger.tryPut(9, row(9), 1)).isFalse();
        ledger.take(first);
        assertThat(ledger.tryPut(9, row(9), 1)).isTrue();
    }

    @Test
    void theirBytesAreBoundedTooButOneLargeRowPasses() {
        long large = put(1000);

        assertThat(ledger.tryPut(9, row(9), 1)).isFalse();
        ledger.take(large);
        assertThat(ledger.tryPut(9, row(9), 100)).isTrue();
        assertThat(ledger.tryPut(10, row(10), 1)).isFalse();
    }

    @Test
    void aRowInTheHandsOfThreeConsumersThatDiedIsAKiller() {
        long number = put(1);
        long innocent = put(1);

        assertThat(ledger.died(List.of(number, innocent))).isEmpty();
        assertThat(ledger.died(List.of(number))).isEmpty();
        assertThat(ledger.died(List.of(number))).containsExactly(number);
    }

    @Test
    void whatIsSetAsideReachesTheCollectorOnce() {
        long number = put(1);
        Failure failure = new Failure("", "ConsumerDied", "message", "", false);
        ledger.setAside(number, "n", failure);
        ledger.setAside(77, "n", failure); // not out: nothing to set aside

        assertThat(ledger.takeSetAside()).extracting(Ledger.SetAside::number).containsExactly(number);
        assertThat(ledger.takeSetAside()).isEmpty();
    }

    @Test
    void aTicketIsGoodForItsRowOnceThatWentOutAndStaysSo() {
        long number = put(1);
        long ticket = ledger.ticket(number);

        assertThat(ledger.wasGiven(number, ticket)).isTrue();
        assertThat(ledger.wasGiven(number, ticket + 1)).isFalse();
        assertThat(ledger.wasGiven(number + 1, ledger.ticket(number + 1)))
                .as("a row that did not go out")
                .isFalse();
        ledger.take(number);
        assertThat(ledger.wasGiven(number, ticket))
                .as("a second result is no lie")
                .isTrue();
    }

    @Test
    void itIsFinishedWhenClosedAndEachRowIsBack() {
        long number = put(1);
        ledger.close();

        assertThat(ledger.isFinished()).isFalse();
        ledger.forget(number);
        assertThat(ledger.isFinished()).isTrue();
    }
}
