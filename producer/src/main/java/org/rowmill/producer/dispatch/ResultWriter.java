package org.rowmill.producer.dispatch;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.store.failed.FailedRow;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.journal.RowJournal;
import org.rowmill.store.keys.IndexKey;

/** Writes results into parts, and results of expensive rows also into the journal. Used by the collector's thread. */
public final class ResultWriter {

    private static final int PART_ROWS = 10_000;
    private static final long PART_BYTES = 64L << 20;
    private static final long FIRST_PART_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long PART_NANOS = Duration.ofSeconds(10).toNanos();

    private final PartWriter writer;
    private final RowJournal journal;
    private final DiskWait disk;
    private final TableReport report;
    private final Consumer<List<IndexKey>> stored;
    private final List<IndexKey> unpublished = new ArrayList<>();
    private long firstUnpublished;
    private long partNanos = FIRST_PART_NANOS;

    /**
     * Creates a writer for one table.
     *
     * @param writer publishes parts
     * @param journal keeps results of expensive rows until they are published
     * @param disk waits if the parts cannot be written
     * @param report reports published parts
     * @param stored receives the keys of rows of which a part has all values
     */
    public ResultWriter(
            PartWriter writer, RowJournal journal, DiskWait disk, TableReport report, Consumer<List<IndexKey>> stored) {
        this.writer = writer;
        this.journal = journal;
        this.disk = disk;
        this.report = report;
        this.stored = stored;
    }

    /** Adds the values of a result; a result of failures only has none. */
    void add(PlannedRow row, ResultMessage result, long nanos) {
        noteTime(nanos);
        if (!result.values().isEmpty()) {
            writer.add(row.key(), row.index(), result.values(), !row.isStored());
            journal.add(row.index(), result);
            if (result.failures().isEmpty()) {
                unpublished.add(row.key());
            }
        }
    }

    void addFailed(PlannedRow row, FailedRow failure, long nanos) {
        noteTime(nanos);
        writer.addFailed(failure, !row.failedBefore());
    }

    private void noteTime(long nanos) {
        if (writer.rows() == 0) {
            firstUnpublished = nanos;
        }
    }

    /** Forces the journal to the disk, if its time has come. */
    void forceJournalIfDue() {
        journal.forceIfDue();
    }

    /**
     * Whether a part should be published.
     *
     * @param unacknowledgedBytes size of the results that the broker holds until then
     * @param nanos the time
     */
    boolean isPartDue(long unacknowledgedBytes, long nanos) {
        long limit = journal.isBroken() ? FIRST_PART_NANOS : partNanos;
        return writer.rows() >= PART_ROWS
                || writer.bytes() >= PART_BYTES
                || unacknowledgedBytes >= PART_BYTES
                || (writer.rows() > 0 && nanos - firstUnpublished >= limit);
    }

    /** Publishes a part of all rows added since the last one, if there are any. */
    void publish() throws IOException, InterruptedException {
        if (writer.rows() == 0) {
            return;
        }
        int rows = writer.rows();
        stored.accept(List.of());
        journal.force(); // because publishing may take a while
        List<Path> parts = disk.write(writer::publish);
        journal.clear();
        stored.accept(List.copyOf(unpublished));
        unpublished.clear();
        partNanos = Math.min(2 * partNanos, PART_NANOS); // first results are safe soon; a long run has few parts
        report.published(rows, parts);
    }
}
