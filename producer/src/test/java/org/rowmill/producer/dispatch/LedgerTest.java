package org.rowmill.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.schemas.protocol.ResultMessage.Failure;
import org.rowmill.store.keys.IndexKey;

class LedgerTest {

    private static final Failure DIED = new Failure("", "ConsumerDied", "message", "", false);

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

        assertThat(died(number, innocent)).isEmpty();
        assertThat(died(number)).isEmpty();
        assertThat(died(number)).containsExactly(number);
        assertThat(ledger.takeCasualties())
                .extracting(Ledger.Casualty::number, Ledger.Casualty::attempts, Ledger.Casualty::isSetAside)
                .containsExactly(tuple(number, 1, false), tuple(innocent, 1, false), tuple(number, 2, false));
    }

    private List<Long> died(Long... inHand) {
        return ledger.died(List.of(inHand), "n", DIED);
    }

    @Test
    void whatIsSetAsideReachesTheCollectorOnce() {
        long number = put(1);
        ledger.setAside(number, "n", DIED);
        ledger.setAside(77, "n", DIED); // not out: nothing to set aside

        assertThat(ledger.takeCasualties())
                .extracting(Ledger.Casualty::number, Ledger.Casualty::isSetAside)
                .containsExactly(tuple(number, true));
        assertThat(ledger.takeCasualties()).isEmpty();
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
