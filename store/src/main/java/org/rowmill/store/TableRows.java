package org.rowmill.store;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.TableModel;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.keys.StoredKeys;
import org.rowmill.table.Row;
import org.rowmill.table.Rows;

/**
 * The rows that {@code report} gets, in the types of the class: those that {@code index()} lists, and stored rows that it
 * does not list any more, if they are kept and have all columns.
 */
public final class TableRows implements Rows<Object> {

    private final TableModel model;
    private final TableStore store;
    private final StoredKeys keys;
    private final boolean hasUnlisted;
    private final long count;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();

    /**
     * Makes the rows of a complete table.
     *
     * @param model the table
     * @param store the open table
     * @param keys keys that are marked if {@code index()} lists them
     * @param listed number of rows that {@code index()} lists
     * @param hasUnlisted whether rows that it does not list are among the rows
     */
    public TableRows(TableModel model, TableStore store, StoredKeys keys, long listed, boolean hasUnlisted) {
        this.model = model;
        this.store = store;
        this.keys = keys;
        this.hasUnlisted = hasUnlisted;
        this.count = listed + (hasUnlisted ? keys.countUnlisted(this::isComplete) : 0);
        for (TableSchema.ColumnField column : model.schema().columns()) {
            numbers.put(column.name(), numbers.size());
        }
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public List<String> columns() {
        return List.copyOf(numbers.keySet());
    }

    @Override
    public Stream<Row<Object>> stream() {
        Set<String> names = new LinkedHashSet<>(numbers.keySet());
        return store.rows(names, false).filter(row -> isIncluded(row.key())).map(StoredTableRow::new);
    }

    private boolean isIncluded(IndexKey key) {
        return keys.listed(key) || (hasUnlisted && isComplete(keys.columns(key)));
    }

    private boolean isComplete(BitSet columns) {
        return columns.cardinality() == model.schema().columns().size();
    }

    private final class StoredTableRow implements Row<Object> {

        private final StoredRow stored;

        StoredTableRow(StoredRow stored) {
            this.stored = stored;
        }

        @Override
        public Object index() {
            return model.index(stored.index());
        }

        @Override
        public @Nullable Object get(String column) {
            Integer number = numbers.get(column);
            if (number == null) {
                throw new IllegalArgumentException("table " + model.schema().table() + " has no column " + column
                        + "; it has " + String.join(", ", numbers.keySet()));
            }
            return model.value(number, stored.values()[number]);
        }

        @Override
        public String toString() {
            return "row " + index();
        }
    }
}
