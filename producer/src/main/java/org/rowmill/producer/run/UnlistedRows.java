package org.rowmill.producer.run;

import java.io.IOException;
import java.util.Set;
import java.util.stream.Stream;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.options.RemovedRows;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.producer.rundir.IndexText;
import org.rowmill.store.StoredRow;
import org.rowmill.store.keys.IndexKey;

/** Keeps, hides or deletes the stored rows that {@code index()} does not list any more. */
final class UnlistedRows {

    private final RunOptions options;
    private final Console console;

    UnlistedRows(RunOptions options, Console console) {
        this.options = options;
        this.console = console;
    }

    /** Whether the run is to list all rows, so that a row that is not listed is removed. */
    static boolean isWhole(RunOptions options) {
        return options.rows().quick().isEmpty() && options.rows().only().isEmpty();
    }

    /** Whether {@code report} gets rows that are not listed. */
    static boolean areReported(RunOptions options) {
        return isWhole(options) && options.rows().removed() == RemovedRows.KEEP;
    }

    /** Whether the failure of a row is forgotten, because the row is not listed. */
    boolean isForgotten(OpenTable table, IndexKey key, long listed) {
        return isWhole(options)
                && options.rows().removed() != RemovedRows.KEEP
                && (listed > 0 || options.rows().removed() == RemovedRows.HIDE)
                && !table.keys().listed(key);
    }

    /**
     * Does what the user wants. All rows have been listed.
     *
     * @param table a table of a run without a limit of its rows
     * @param listed number of rows that {@code index()} has listed
     */
    void settle(OpenTable table, long listed) throws IOException, InterruptedException {
        long unlisted = table.keys().countUnlisted(columns -> true);
        RemovedRows policy = options.rows().removed();
        if (policy != RemovedRows.HIDE || unlisted == 0) {
            write(table, table.store()::showAll);
        }
        if (unlisted == 0) {
            return;
        }
        String rows = "Table " + table.name() + ": index() does not list " + unlisted + " of the stored rows any more ("
                + (unlisted == 1 ? "" : "the first is ") + first(table) + "); ";
        switch (policy) {
            case KEEP ->
                console.warn(rows
                        + "they are kept, and report() gets those with all columns. To hide such rows: --removed hide; to delete"
                        + " them: --removed delete");
            case HIDE -> {
                write(
                        table,
                        () -> table.store()
                                .hide(key -> !table.keys().listed(key)
                                        && table.keys().contains(key)));
                console.say(rows + "report() and show leave them out; other readers of the files see them");
            }
            case DELETE -> delete(table, listed, rows);
        }
    }

    private void delete(OpenTable table, long listed, String rows) throws IOException, InterruptedException {
        if (listed == 0) { // more likely a directory that is not mounted
            console.warn(rows + "they are kept, because index() lists no row at all. To delete all rows, delete the"
                    + " directory of the table");
            return;
        }
        write(
                table,
                () -> table.store()
                        .retain(key -> table.keys().listed(key) || !table.keys().contains(key)));
        console.say(rows + "they are deleted");
    }

    private interface Change {
        void apply() throws IOException;
    }

    /** Changes the table; waits while the disk is full. */
    private static void write(OpenTable table, Change change) throws IOException, InterruptedException {
        table.disk().write(() -> {
            change.apply();
            return table;
        });
    }

    private static String first(OpenTable table) {
        try (Stream<StoredRow> rows = table.store().rows(Set.of(), false)) {
            return rows.filter(row ->
                            !table.keys().listed(row.key()) && table.keys().contains(row.key()))
                    .findFirst()
                    .map(row -> IndexText.of(row.index()))
                    .orElse("");
        }
    }
}
