package org.rowmill.producer.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final long START = 1_000_000_007L;

    private final Progress progress = new Progress("Squares", START);

    private static long at(double seconds) {
        return START + (long) (seconds * Duration.ofSeconds(1).toNanos());
    }

    @Test
    void theLineShowsRowsFailuresRateTimeAndSlots() {
        String line = progress.line(new ProgressState(5000, 2, 20_000, true, 2, 2), RowTimes.Times.NONE, at(10));

        assertThat(line).isEqualTo("Squares: 5,000/20,000 rows, 2 failed, 500 rows/s, 0:10, ETA 0:30, 2/2 slots busy");
    }

    @Test
    void theLineShowsNoEndWhileTheIndexIsBeingListed() {
        String line = progress.line(new ProgressState(50, 0, 20_000, false, 1, 2), RowTimes.Times.NONE, at(10));

        assertThat(line).isEqualTo("Squares: 50/≥20,000 rows, 0 failed, 5.0 rows/s, 0:10, 1/2 slots busy");
    }

    @Test
    void theRateIsThatOfTheLastTenSeconds() {
        progress.line(new ProgressState(90_000, 0, 100_000, true, 2, 2), RowTimes.Times.NONE, at(1));
        String line = "";
        for (int second = 2; second <= 30; second++) {
            line = progress.line(
                    new ProgressState(90_000 + second, 0, 100_000, true, 2, 2), RowTimes.Times.NONE, at(second));
        }

        assertThat(line).contains(", 1.0 rows/s,");
    }

    @Test
    void longRowsAreCountedByTheMinuteWithTheirMedian() {
        RowTimes times = new RowTimes();
        times.add(Duration.ofSeconds(25).toNanos());
        times.add(Duration.ofSeconds(25).toNanos());
        long[] inHand = {Duration.ofSeconds(5).toNanos(), Duration.ofSeconds(5).toNanos()};
        progress.line(new ProgressState(0, 0, 8, true, 2, 2), times.at(inHand), at(1));
        progress.line(new ProgressState(2, 0, 8, true, 2, 2), times.at(inHand), at(25));

        String line = progress.line(new ProgressState(2, 0, 8, true, 2, 2), times.at(inHand), at(30));

        assertThat(line)
                .isEqualTo("Squares: 2/8 rows, 0 failed, 4.0 rows/min, median 25 s, 0:30, ETA 1:10, 2/2 slots busy");
        assertThat(progress.medianSeconds()).hasValue(25.0);
        assertThat(progress.remainingSeconds()).hasValue(70.0);
    }

    @Test
    void rowsOfHoursAreCountedByTheHour() {
        assertThat(progress.line(new ProgressState(1, 0, 2, true, 0, 2), RowTimes.Times.NONE, at(7200)))
                .contains(", 0.5 rows/h,");
    }

    @Test
    void noRateIsShownBeforeTheFirstRow() {
        assertThat(progress.line(new ProgressState(0, 0, 8, true, 2, 2), RowTimes.Times.NONE, at(12)))
                .isEqualTo("Squares: 0/8 rows, 0 failed, 0:12, 2/2 slots busy");
    }

    @Test
    void theTimeInWhichConsumersStartDoesNotDelayTheEnd() {
        RowTimes times = new RowTimes();
        times.add(1000);
        progress.line(new ProgressState(10, 0, 1000, true, 2, 2), times.at(new long[0]), at(5));
        progress.line(new ProgressState(110, 0, 1000, true, 2, 2), times.at(new long[0]), at(6));

        assertThat(progress.remainingSeconds().orElseThrow()).isBetween(8.8, 9.0);
    }

    @Test
    void hoursAreShownAsHours() {
        assertThat(progress.line(new ProgressState(1, 0, 2, true, 0, 2), RowTimes.Times.NONE, at(3661)))
                .contains("1:01:01");
    }
}
