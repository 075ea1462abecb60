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
import org.rowmill.schemas.protocol.ResultMessage.Kind;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.journal.RowJournal;

/**
 * Writes a table like a run, and prints a line when cells become safe: {@code held} if they survive the end of the
 * process, {@code safe} if they survive a power failure. {@link PowerLossTest} traces it.
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
            writer.addFailed(Stores.failure(1000, "no"), true);
            round(writer, journal, 1, 0);
            round(writer, journal, 0, ROWS);
            store.compact(key -> false);
            print("compacted");
        }
        addColumn(table);
    }

    /** Adds a column in another run, in two parts. */
    private static void addColumn(Path table) throws IOException {
        try (TableStore store = TableOpening.open(table, Stores.longs("a", "b", "c"), Stores.options("run2"));
                PartWriter writer = store.writer()) {
            for (int from = 0; from < 2 * ROWS; from += ROWS) {
                for (int i = from; i < from + ROWS; i++) {
                    writer.add(Stores.index(i), Map.of(2, (long) i * FACTOR + 2));
                }
                writer.publish();
                print("safe", 2, from, from + ROWS);
            }
            store.compact(key -> false);
            print("column added");
        }
    }

    /** Adds one column of twelve rows; every fourth row is expensive. Forces the journal before the last ones. */
    private static void round(PartWriter writer, RowJournal journal, int column, int from) throws IOException {
        for (int i = from; i < from + ROWS; i++) {
            Map<Integer, Object> values = Map.of(column, (long) i * FACTOR + column);
            writer.add(Stores.index(i), Map.copyOf(values));
            if (i % STEP == 0) {
                journal.add(
                        Stores.index(i),
                        new ResultMessage(
                                0, i, 99, 1, "node", EXPENSIVE, Kind.COMPUTED, Map.copyOf(values), List.of()));
                print("held", column, i, i + 1);
            }
            if (i == from + STEP + 1) {
                journal.force();
                print("safe", column, from, from + 1);
                print("safe", column, from + STEP, from + STEP + 1);
            }
        }
        writer.publish();
        print("safe", column, from, from + ROWS);
        journal.clear();
    }

    private static void print(String what, int column, int from, int to) throws IOException {
        print(String.format(Locale.ROOT, "%s %d %d %d", what, column, from, to));
    }

    private static void print(String line) throws IOException {
        OUT.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }
}
