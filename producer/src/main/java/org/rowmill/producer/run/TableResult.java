package org.rowmill.producer.run;

import java.time.Duration;
import org.rowmill.store.TableStore;

/**
 * How the run of a table ended.
 *
 * @param done rows computed
 * @param failed rows that failed
 * @param isComplete whether every listed row has all its columns
 * @param listed rows that {@code index()} listed
 * @param chosen listed rows that {@code --only} did not exclude
 * @param coverage which rows the run computed
 * @param time from the first missing row to the last published part
 */
record TableResult(
        long done,
        long failed,
        boolean isComplete,
        long listed,
        long chosen,
        TableStore.Coverage coverage,
        Duration time) {}
