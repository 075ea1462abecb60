package org.rowmill.store;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.journal.RowJournal;

/**
 * Does to a table what a run does, and says on standard output, one write a line, which cells outlive what: {@code held} the
 * process, {@code safe} the power too. {@link PowerLossTest} traces it.
 */
final class WritesATable {

    static final int ROWS = 12;
    static final int FACTOR = 7;

    private static final int STEP = 4;
    private static final long EXPENSIVE = Duration.ofSeconds(1).toNanos();
    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private WritesATable() {}

    public static void main(String[] arguments) throws IOException {
        Path table = Path.of(arguments[0]);
        try (TableStore store = TableOpening.open(table, Stores.longs("a", "b"), Stores.PLAIN);
                PartWriter writer = store.writer();
                RowJournal journal = store.journal()) {
            round(writer, journal, 0, 0);
            writer.addFailed(Stores.failure(1000, "no"));
            round(writer, journal, 1, 0);
            round(writer, journal, 0, ROWS);
            store.settle(key -> false);
            say("settled");
        }
    }

    /** Twelve rows of one column, each fourth of them dear; the last ones come after the journal was forced. */
    private static void round(PartWriter writer, RowJournal journal, int column, int from) throws IOException {
        for (int i = from; i < from + ROWS; i++) {
            Map<Integer, Object> values = Map.of(column, (long) i * FACTOR + column);
            writer.add(Stores.index(i), Map.copyOf(values));
            if (i % STEP == 0) {
                journal.add(
                        Stores.index(i),
                        new ResultMessage(0, i, 99, 1, "node", EXPENSIVE, Map.copyOf(values), List.of()));
                say("held", column, i, i + 1);
            }
            if (i == from + STEP + 1) {
                journal.force();
                say("safe", column, from, from + 1);
                say("safe", column, from + STEP, from + STEP + 1);
            }
        }
        writer.publish();
        say("safe", column, from, from + ROWS);
        journal.clear();
    }

    private static void say(String what, int column, int from, int to) throws IOException {
        say(String.format(Locale.ROOT, "%s %d %d %d", what, column, from, to));
    }

    private static void say(String line) throws IOException {
        OUT.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }
}
