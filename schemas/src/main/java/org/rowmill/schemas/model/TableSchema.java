package org.rowmill.schemas.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a table stores, as data: to read a table, no class of the user is needed.
 *
 * @param table name of the table: the simple name of its class, and the name of its directory
 * @param index the columns that hold the index, at least one
 * @param columns the value columns, in the order of the source
 */
public record TableSchema(String table, List<IndexField> index, List<ColumnField> columns) {

    public TableSchema {
        Objects.requireNonNull(table);
        index = List.copyOf(index);
        columns = List.copyOf(columns);
        if (index.isEmpty()) {
            throw new IllegalArgumentException("table " + table + " has no index column");
        }
    }

    /**
     * A column of the index.
     *
     * @param name lower case with underscores
     * @param type a scalar
     */
    public record IndexField(String name, ColumnType type) {
        public IndexField {
            Objects.requireNonNull(name);
            Objects.requireNonNull(type);
        }
    }

    /**
     * A value column.
     *
     * @param name lower case with underscores
     * @param type type of its stored values
     * @param version effective version: the version of its method, plus the increases over 1 of all methods that it
     *     needs, directly or not, each counted once
     * @param code identifies the code that computes it
     */
    public record ColumnField(String name, ColumnType type, int version, CodeHash code) {
        public ColumnField {
            Objects.requireNonNull(name);
            Objects.requireNonNull(type);
            Objects.requireNonNull(code);
        }

        /**
         * Makes a column whose method alone is hashed.
         *
         * @param name its name
         * @param type its type
         * @param version its effective version
         * @param code hash of its method
         */
        public ColumnField(String name, ColumnType type, int version, String code) {
            this(name, type, version, CodeHash.ofMethod(code));
        }
    }

    /**
     * Replaces the hashes of the code of the columns.
     *
     * @param hashes a hash for each column that gets another one, by name
     * @return a schema that is equal otherwise
     */
    public TableSchema withCode(Map<String, CodeHash> hashes) {
        List<ColumnField> fields = columns.stream()
                .map(field -> new ColumnField(
                        field.name(), field.type(), field.version(), hashes.getOrDefault(field.name(), field.code())))
                .toList();
        return new TableSchema(table, index, fields);
    }

    /**
     * Finds a value column.
     *
     * @param name its name
     * @return its position in {@link #columns()}, or -1
     */
    public int columnNumber(String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }
}
