package org.rowmill.store.failed;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.ColumnType.Scalar;
import org.rowmill.schemas.model.TableSchema;

/**
 * The schema of failed rows. They are stored as a table of their own, with the index of the table to which they belong.
 */
public final class FailedTable {

    /** Name of the directory of failed rows, in the directory of the table. */
    public static final String DIRECTORY = "_failed";

    private static final List<String> TEXTS = List.of("columns", "error_class", "message", "stack", "node");
    private static final String ATTEMPTS = "attempts";

    private FailedTable() {}

    /**
     * Returns the schema of the failed rows of a table.
     *
     * @param table the schema of the table
     */
    public static TableSchema schema(TableSchema table) {
        List<TableSchema.ColumnField> columns = new ArrayList<>();
        TEXTS.forEach(name -> columns.add(field(table, name, Scalar.STRING)));
        columns.add(field(table, ATTEMPTS, Scalar.INT));
        return new TableSchema(table.table(), table.index(), columns);
    }

    /** Adds a prefix to the name if a column of the index has the same name. */
    private static TableSchema.ColumnField field(TableSchema table, String name, Scalar type) {
        boolean taken = table.index().stream().anyMatch(field -> field.name().equals(name));
        return new TableSchema.ColumnField(taken ? "failed_" + name : name, type, 1, "");
    }

    /** Returns the values of the columns of {@link #schema}. */
    public static @Nullable Object[] values(FailedRow row) {
        return new Object[] {row.columns(), row.errorClass(), row.message(), row.stack(), row.node(), row.attempts()};
    }

    static FailedRow row(List<Object> index, @Nullable Object[] values) {
        return new FailedRow(
                index, text(values[0]), text(values[1]), text(values[2]), text(values[3]), text(values[4]), (Integer)
                        Objects.requireNonNull(values[5]));
    }

    private static String text(@Nullable Object value) {
        return String.valueOf(value);
    }
}
