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
        String line = progress.line(new Progress.State(5000, 2, 20_000, true, 2, 2), at(10));

        assertThat(line).isEqualTo("Squares: 5,000/20,000 rows, 2 failed, 500 rows/s, 0:10, ETA 0:30, 2/2 slots busy");
    }

    @Test
    void theLineShowsNoEndWhileTheIndexIsBeingListed() {
        String line = progress.line(new Progress.State(50, 0, 20_000, false, 1, 2), at(10));

        assertThat(line).isEqualTo("Squares: 50/≥20,000 rows, 0 failed, 5.0 rows/s, 0:10, 1/2 slots busy");
    }

    @Test
    void theRateIsThatOfTheLastTenSeconds() {
        progress.line(new Progress.State(90_000, 0, 100_000, true, 2, 2), at(1));
        String line = "";
        for (int second = 2; second <= 30; second++) {
            line = progress.line(new Progress.State(90_000 + second, 0, 100_000, true, 2, 2), at(second));
        }

        assertThat(line).contains(", 1.0 rows/s,");
    }

    @Test
    void hoursAreShownAsHours() {
        assertThat(progress.line(new Progress.State(1, 0, 2, true, 0, 2), at(3661)))
                .contains("1:01:01");
    }
}
