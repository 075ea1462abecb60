package org.rowmill.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.rowmill.producer.inflight.RowCounts;

class LostRowDetectorTest {

    private long rows;
    private int purges;
    private long results;
    private long nanos = Long.MAX_VALUE - 1; // overflows during the test
    private final LostRowDetector detector = new LostRowDetector(new SimulatedQueue(), Duration.ofSeconds(1), nanos);

    private final class SimulatedQueue implements LostRowDetector.Messages {
        @Override
        public long rows() {
            return rows;
        }

        @Override
        public long results() {
            return results;
        }

        @Override
        public void removeStale() {
            purges++;
        }
    }

    /** Checks once each second. Returns the first second in which rows are lost; 0: none. */
    private int firstLoss(int seconds, long done, int inFlight) {
        for (int second = 1; second <= seconds; second++) {
            nanos += Duration.ofSeconds(1).toNanos();
            if (detector.areRowsLost(new RowCounts(done, 0, 0, inFlight), 3, nanos)) {
                return second;
            }
        }
        return 0;
    }

    @Test
    void rowsAreLostWhenNothingChangesForFiveChecks() {
        assertThat(firstLoss(60, 10, 2)).isEqualTo(6);
        assertThat(firstLoss(60, 10, 2))
                .as("again, if publishing them did not help")
                .isEqualTo(5);
    }

    @Test
    void rowsAreNotLostWhileOthersFinish() {
        for (int done = 0; done < 20; done++) {
            assertThat(firstLoss(4, done, 2)).isZero();
        }
    }

    @Test
    void rowsInTheBrokerAreNotLost() {
        rows = 1;
        assertThat(firstLoss(60, 10, 2)).isZero();
    }

    @Test
    void messagesThatAreOutOfDateAreRemovedWhenNothingChanges() {
        rows = 1;
        assertThat(firstLoss(5, 10, 2)).isZero();
        assertThat(purges).isZero();
        assertThat(firstLoss(1, 10, 2)).isZero();
        assertThat(purges).isOne();

        rows = 0; // the message that was removed
        assertThat(firstLoss(60, 10, 2)).isEqualTo(5);
    }

    @Test
    void rowsWhoseResultsAreInTheBrokerAreNotLost() {
        results = 4; // the collector has 3 of them
        assertThat(firstLoss(60, 10, 2)).isZero();
    }

    @Test
    void nothingIsLostWhenNoRowIsInFlight() {
        assertThat(firstLoss(60, 10, 0)).isZero();
    }
}
