package org.rowmill.store.parts;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.rowmill.schemas.model.ColumnType;
import org.rowmill.schemas.model.TableSchema;

/**
 * Compares the columns of the class with the columns of the parts, and decides which stored values are valid: those
 * that have the type and version of the class and that the run does not compute again.
 *
 * @param schema the columns of the class, then those that only parts have
 * @param columns number of columns of the class
 * @param options options of the run
 * @param opened highest number of a part that existed when the run began
 */
public record StoredColumns(TableSchema schema, int columns, StoreOptions options, long opened) {

    /**
     * Joins the columns of the class and of the parts.
     *
     * @param current the schema of the class
     * @param parts the parts
     * @param options options of the run
     * @param opened highest number of a part
     */
    public static StoredColumns of(TableSchema current, List<Part> parts, StoreOptions options, long opened) {
        return new StoredColumns(union(current, parts), current.columns().size(), options, opened);
    }

    private static TableSchema union(TableSchema current, List<Part> parts) {
        Map<String, TableSchema.ColumnField> columns = new LinkedHashMap<>();
        current.columns().forEach(field -> columns.put(field.name(), field));
        for (int i = parts.size() - 1; i >= 0; i--) {
            for (PartFooter.StoredColumn stored : parts.get(i).footer().columns()) {
                if (stored.present()) {
                    columns.putIfAbsent(stored.field().name(), stored.field());
                }
            }
        }
        return new TableSchema(current.table(), current.index(), new ArrayList<>(columns.values()));
    }

    /**
     * Finds differences between the class and the parts that a run cannot handle.
     *
     * @param where the table, for messages
     * @param parts parts with rows
     * @param all parts with rows and parts with failed rows
     * @return one message each
     */
    public List<String> faults(String where, List<Part> parts, List<Part> all) {
        List<String> faults = new ArrayList<>();
        all.stream()
                .filter(part -> !part.footer().index().equals(schema.index()))
                .findFirst()
                .ifPresent(part -> faults.add(where + ": rows are stored by the index "
                        + text(part.footer().index()) + ", but the class now has " + text(schema.index())
                        + ". Move the directory away, or compute elsewhere with --output DIR"));
        schema.columns().subList(0, columns).stream()
                .filter(field -> !options.recompute().contains(field.name()))
                .forEach(field -> newestType(field.name(), parts)
                        .filter(stored -> !stored.equals(field.type()))
                        .ifPresent(stored -> faults.add(where + ": " + typeFault(field, stored))));
        return faults;
    }

    private static String typeFault(TableSchema.ColumnField field, ColumnType stored) {
        return "column " + field.name() + " is stored as " + stored.text() + ", but the class now computes "
                + field.type().text() + ". To replace the stored values, add --recompute " + field.name()
                + "; to keep them, rename the column";
    }

    private static String text(List<TableSchema.IndexField> index) {
        List<String> fields = index.stream()
                .map(field -> field.name() + " " + field.type().text())
                .toList();
        return "(" + String.join(", ", fields) + ")";
    }

    private static Optional<ColumnType> newestType(String column, List<Part> parts) {
        for (int i = parts.size() - 1; i >= 0; i--) {
            Optional<PartFooter.StoredColumn> stored = parts.get(i).footer().present(column);
            if (stored.isPresent()) {
                return stored.map(found -> found.field().type());
            }
        }
        return Optional.empty();
    }

    /** Returns the numbers of the columns for which a part has valid values. */
    public BitSet valid(Part part) {
        BitSet valid = part.matching(schema);
        for (int i = 0; i < columns; i++) {
            TableSchema.ColumnField field = schema.columns().get(i);
            boolean isVersion = part.footer()
                    .present(field.name())
                    .filter(stored -> stored.field().version() == field.version())
                    .isPresent();
            if (!isVersion || isRecomputed(part, field)) {
                valid.clear(i);
            }
        }
        return valid;
    }

    /** Whether the run computes a column again that a part of an earlier run has. */
    private boolean isRecomputed(Part part, TableSchema.ColumnField field) {
        return part.sequence() <= opened && options.recompute().contains(field.name());
    }

    /** Returns a warning that names the columns whose values are valid although other code computed some of them. */
    public Optional<String> codeWarning(List<Part> parts) {
        List<String> changed = changedCode(parts);
        return changed.isEmpty()
                ? Optional.empty()
                : Optional.of("Table " + schema.table() + ": the code of " + String.join(", ", changed)
                        + " has changed since stored values were computed; they are kept. To compute them again:"
                        + " --recompute " + String.join(" --recompute ", changed) + ", or raise the column's version");
    }

    private List<String> changedCode(List<Part> parts) {
        TreeSet<Integer> changed = new TreeSet<>();
        for (Part part : parts) {
            valid(part).stream().filter(i -> i < columns).forEach(i -> {
                TableSchema.ColumnField field = schema.columns().get(i);
                part.footer()
                        .present(field.name())
                        .filter(stored -> !stored.field().code().equals(field.code()))
                        .ifPresent(stored -> changed.add(i));
            });
        }
        return changed.stream().map(i -> schema.columns().get(i).name()).toList();
    }

    /** Selects the columns to read: those that are wanted and valid. */
    public PartColumns reading(Part part, BitSet wanted) {
        BitSet read = valid(part);
        read.and(wanted);
        return new PartColumns(part, read, read);
    }

    /**
     * Selects the columns to keep when a part is rewritten. Values of other versions are kept if there are no valid
     * ones, because the class may return to that version. Values that the run computes again are not kept.
     */
    public PartColumns rewriting(Part part) {
        BitSet read = part.matching(schema);
        for (int i = 0; i < columns; i++) {
            if (isRecomputed(part, schema.columns().get(i))) {
                read.clear(i);
            }
        }
        return new PartColumns(part, read, valid(part));
    }
}
