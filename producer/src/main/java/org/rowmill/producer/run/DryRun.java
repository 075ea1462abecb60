package org.rowmill.producer.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.console.TextTable;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.producer.plan.Plan;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.schemas.protocol.MessageCodec;

/** Counts the missing values of each column. */
final class DryRun {

    private DryRun() {}

    /** Prints a table of columns to standard output. */
    static void print(OpenTable table, MessageCodec codec, RunOptions options, Console console)
            throws InterruptedException {
        List<TableSchema.ColumnField> columns = table.model().schema().columns();
        long[] missing = new long[columns.size()];
        long[] rows = new long[1];
        Plan plan = new Plan(table.model(), table.store(), table.keys(), table.inputs(), codec, options);
        plan.find(row -> {
            rows[0]++;
            List<Integer> wanted = row.columns().isEmpty() ? all(columns.size()) : row.columns();
            wanted.forEach(column -> missing[column]++);
        });
        table.inputs().warnings(table.name()).forEach(console::warn);
        plan.warning().ifPresent(warning -> console.warn("table " + table.name() + ": " + warning));
        console.out()
                .printf(Locale.ROOT, "%s: %d of %d rows would be computed%n", table.name(), rows[0], plan.listed());
        try (TextTable text = new TextTable(console.out())) {
            for (int i = 0; i < missing.length; i++) {
                text.row(List.of("  " + columns.get(i).name(), missing[i]));
            }
        }
    }

    private static List<Integer> all(int count) {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(i);
        }
        return all;
    }
}
