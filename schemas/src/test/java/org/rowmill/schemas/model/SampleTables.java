package org.rowmill.schemas.model;

import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rowmill.table.Column;
import org.rowmill.table.IndexName;
import org.rowmill.table.RowContext;
import org.rowmill.table.Table;

/** What the tests of {@link TableModel} share: a table, an enum, and a method that computes a row. */
final class SampleTables {

    private static final RowContext CONTEXT = new RowContext() {
        @Override
        public int attempt() {
            return 7;
        }

        @Override
        public String node() {
            return "node";
        }

        @Override
        public String runId() {
            return "run";
        }

        @Override
        public System.Logger logger() {
            return System.getLogger("test");
        }

        @Override
        public Path scratch() {
            return Path.of("scratch");
        }

        @Override
        public org.rowmill.table.ProcessResult run(ProcessBuilder program) {
            throw new UnsupportedOperationException();
        }
    };

    private SampleTables() {}

    /** Computes a row in this thread. Returns what the column methods returned, by the number of the column. */
    static @Nullable Object[] row(TableModel model, Object index) throws Throwable {
        @Nullable Object[] values = new Object[model.schema().columns().size()];
        Table<?> table = model.newTable();
        for (ColumnFunction function : model.functions()) {
            function.compute(table, index, CONTEXT, values);
        }
        return values;
    }

    /** A table with a column before those that it needs, a record of two columns, and an index with a name. */
    @IndexName("file")
    public static class Files extends Table<Path> {
        @Override
        public Stream<Path> index() {
            return Stream.of();
        }

        public record Stat(long bytes, Instant modified) {}

        @Column
        double ratio(double wordCount, long lineCount) {
            return wordCount / lineCount;
        }

        @Column
        protected int lineCount(Path file) {
            return 2;
        }

        @Column
        public long wordCount(Path any) {
            return any.toString().length();
        }

        @Column
        Stat stat(Path file) {
            return new Stat(file.toString().length(), Instant.EPOCH);
        }

        @Column
        int attempt(RowContext context) {
            return context.attempt();
        }
    }

    /** An enum in which one constant has its own class, and a text that differs from its name. */
    public enum Level {
        LOW,
        HIGH {
            @Override
            public String toString() {
                return "high";
            }
        }
    }
}
