package org.rowmill.producer.dispatch;

import org.rowmill.broker.Rejections;
import org.rowmill.producer.monitor.FailureSummary;
import org.rowmill.producer.rundir.AttemptLog;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.journal.RowJournal;

/**
 * Where the results of a table go.
 *
 * @param inFlight which rows are out
 * @param writer takes the rows
 * @param journal keeps dear ones until they are published
 * @param disk waits where the writer cannot write
 * @param failures groups the failures of this run
 * @param table its name
 * @param columns how many it has
 * @param retries computes failed rows again
 * @param attempts remembers what failed
 * @param health tells nodes that fail from rows that do
 * @param limit learns how long rows take
 * @param lostRows finds rows that got lost
 * @param rejections is told of what is no honest result
 */
public record TableOutput(
        InFlightRows inFlight,
        PartWriter writer,
        RowJournal journal,
        DiskWait disk,
        FailureSummary failures,
        String table,
        int columns,
        Retries retries,
        AttemptLog attempts,
        NodeHealth health,
        RowLimit limit,
        LostRowDetector lostRows,
        Rejections rejections) {}
