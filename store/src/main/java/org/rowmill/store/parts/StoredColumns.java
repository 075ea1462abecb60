package org.rowmill.store.parts;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.ColumnType;
import org.rowmill.schemas.model.TableSchema;

/**
 * What the stored columns and the class's columns have to do with each other.
 *
 * @param schema the class's columns, then those that only parts have
 * @param columns how many the class has
 * @param options of the run
 * @param opened highest number of the parts that were there when the run began
 */
public record StoredColumns(TableSchema schema, int columns, StoreOptions options, long opened) {

    /** Joins what the class stores with what the parts have. */
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

    /** Where the parts do not fit the class, one line each. */
    public List<String> faults(String where, List<Part> parts, List<Part> failedToo) {
        List<String> faults = new ArrayList<>();
        failedToo.stream()
                .filter(part -> !part.footer().index().equals(schema.index()))
                .findFirst()
                .ifPresent(part -> faults.add(where + ": rows are stored by the index "
                        + text(part.footer().index()) + ", but the class now has " + text(schema.index())
                        + ". Move the directory away, or compute elsewhere by --output DIR"));
        for (TableSchema.ColumnField field : schema.columns().subList(0, columns)) {
            ColumnType stored = newestType(field.name(), parts);
            if (stored != null
                    && !stored.equals(field.type())
                    && !options.recompute().contains(field.name())) {
                faults.add(where + ": column " + field.name() + " is stored as " + stored.text()
                        + ", but the class now computes " + field.type().text() + ". --recompute " + field.name()
                        + " computes it again in place of what is stored; another column name keeps both");
            }
        }
        return faults;
    }

    private static String text(List<TableSchema.IndexField> index) {
        List<String> fields = index.stream()
                .map(field -> field.name() + " " + field.type().text())
                .toList();
        return "(" + String.join(", ", fields) + ")";
    }

    private static @Nullable ColumnType newestType(String column, List<Part> parts) {
        for (int i = parts.size() - 1; i >= 0; i--) {
            PartFooter.StoredColumn stored = parts.get(i).footer().present(column);
            if (stored != null) {
                return stored.field().type();
            }
        }
        return null;
    }

    /** Numbers of the columns that a part has values of which count. */
    public BitSet counting(Part part) {
        BitSet counting = part.carried(schema);
        for (int i = 0; i < columns; i++) {
            TableSchema.ColumnField field = schema.columns().get(i);
            PartFooter.StoredColumn stored = part.footer().present(field.name());
            if (stored == null || again(part, field) || stored.field().version() != field.version()) {
                counting.clear(i);
            }
        }
        return counting;
    }

    /** Whether the run computes a column again that the part had before. */
    private boolean again(Part part, TableSchema.ColumnField field) {
        return part.sequence() <= opened && options.recompute().contains(field.name());
    }

    /** Names columns whose values count although other code computed some of them. */
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
            counting(part).stream().filter(i -> i < columns).forEach(i -> {
                TableSchema.ColumnField field = schema.columns().get(i);
                PartFooter.StoredColumn stored = part.footer().present(field.name());
                if (stored != null && !stored.field().code().equals(field.code())) {
                    changed.add(i);
                }
            });
        }
        return changed.stream().map(i -> schema.columns().get(i).name()).toList();
    }

    /** A part as this run reads it. */
    public PartColumns reading(Part part, BitSet wanted) {
        BitSet read = counting(part);
        read.and(wanted);
        return new PartColumns(part, read, read);
    }

    /**
     * A part as it is written anew: values of other versions are kept where there are no better ones (the version may go
     * back), those that are to be computed again are not.
     */
    public PartColumns rewriting(Part part) {
        BitSet read = part.carried(schema);
        for (int i = 0; i < columns; i++) {
            if (again(part, schema.columns().get(i))) {
                read.clear(i);
            }
        }
        return new PartColumns(part, read, counting(part));
    }
}
