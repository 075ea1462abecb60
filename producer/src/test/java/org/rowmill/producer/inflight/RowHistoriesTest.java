package org.rowmill.producer.inflight;

import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

/**
 * Plays random histories of small runs. Each history is determined by its seed. The system property {@code
 * rowmill.histories} changes their number, {@code rowmill.seed} the first seed.
 */
class RowHistoriesTest {

    private static final long HISTORIES = Long.getLong("rowmill.histories", 100_000);
    private static final long FIRST_SEED = Long.getLong("rowmill.seed", 1);

    @Test
    void eachRowEndsAsItMustInEveryHistory() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) {
            try {
                new SimulatedRun(seed).run();
            } catch (AssertionError | RuntimeException e) {
                fail("history with -Drowmill.seed=" + seed + " -Drowmill.histories=1: " + e.getMessage(), e);
            }
        }
    }
}
