package org.rowmill.store.parts;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.rowmill.schemas.model.ColumnType;
import org.rowmill.schemas.model.TableSchema;

/**
 * Compares the columns of the class with the columns of the parts, and decides which stored values are valid: those
 * that have the type and version of the class and that no request to compute them again has made old.
 *
 * @param schema the columns of the class, then those that only parts have
 * @param columns number of columns of the class
 * @param options options of the run
 * @param generations which generation valid values have
 */
public record StoredColumns(TableSchema schema, int columns, StoreOptions options, Generations generations) {

    /**
     * Joins the columns of the class and of the parts.
     *
     * @param current the schema of the class
     * @param parts the parts
     * @param options options of the run
     * @param generations which generation valid values have
     */
    public static StoredColumns of(
            TableSchema current, List<Part> parts, StoreOptions options, Generations generations) {
        return new StoredColumns(union(current, parts), current.columns().size(), options, generations);
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
                .forEach(field -> newest(field.name(), parts)
                        .filter(stored -> !isRecomputed(stored))
                        .map(stored -> stored.field().type())
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

    private static Optional<PartFooter.StoredColumn> newest(String column, List<Part> parts) {
        for (int i = parts.size() - 1; i >= 0; i--) {
            Optional<PartFooter.StoredColumn> stored = parts.get(i).footer().present(column);
            if (stored.isPresent()) {
                return stored;
            }
        }
        return Optional.empty();
    }

    /** Returns the numbers of the columns for which a part has valid values. */
    public BitSet valid(Part part) {
        BitSet valid = part.matching(schema);
        for (int i = 0; i < columns; i++) {
            if (!isCurrent(part, schema.columns().get(i))) {
                valid.clear(i);
            }
        }
        if (options.changedCode().policy() == ChangedCode.Policy.RECOMPUTE) {
            removeOtherCode(part, valid);
        }
        return valid;
    }

    /** Whether the values of a part have the version of the class, and the user does not want them again. */
    private boolean isCurrent(Part part, TableSchema.ColumnField field) {
        return part.footer()
                .present(field.name())
                .filter(stored -> stored.field().version() == field.version() && !isRecomputed(stored))
                .isPresent();
    }

    private void removeOtherCode(Part part, BitSet valid) {
        Set<String> changed = new LinkedHashSet<>();
        schema.columns().subList(0, columns).stream()
                .filter(field -> isOtherCode(part, field))
                .forEach(field -> changed.add(field.name()));
        for (int i = 0; i < columns; i++) {
            String name = schema.columns().get(i).name();
            if (changed.contains(name) || options.changedCode().needsAny(name, changed)) {
                valid.clear(i);
            }
        }
    }

    private static boolean isOtherCode(Part part, TableSchema.ColumnField field) {
        return part.footer()
                .present(field.name())
                .filter(stored -> field.code().differsFrom(stored.field().code()))
                .isPresent();
    }

    /** Whether a request to compute the column again has made the values old. */
    private boolean isRecomputed(PartFooter.StoredColumn stored) {
        return stored.generation() < generations.required(stored.field().name());
    }

    /**
     * Whether the hidden parts have values that are to replace values that other readers see, and those have not all
     * been computed. Readers then keep the old values.
     *
     * @param visible the parts that other readers see
     * @param hidden the hidden parts
     */
    public boolean isReplacing(List<Part> visible, List<Part> hidden) {
        BitSet replaced = new BitSet();
        visible.forEach(part -> replaced.or(old(part)));
        return hidden.stream().anyMatch(part -> part.matching(schema).intersects(replaced));
    }

    /** Returns the columns of the class whose values in a part are to be replaced. */
    private BitSet old(Part part) {
        BitSet old = new BitSet();
        BitSet valid = valid(part);
        for (int i = 0; i < columns; i++) {
            int column = i;
            TableSchema.ColumnField field = schema.columns().get(i);
            old.set(
                    i,
                    part.footer()
                            .present(field.name())
                            .filter(stored ->
                                    !valid.get(column) || stored.generation() < generations.current(field.name()))
                            .isPresent());
        }
        return old;
    }

    /** Returns the columns as the parts of this run store them. */
    public List<PartFooter.StoredColumn> current(BitSet present) {
        List<PartFooter.StoredColumn> stored = new ArrayList<>();
        for (int i = 0; i < schema.columns().size(); i++) {
            TableSchema.ColumnField field = schema.columns().get(i);
            int generation = present.get(i) ? generations.current(field.name()) : 0;
            stored.add(new PartFooter.StoredColumn(field, present.get(i), generation));
        }
        return stored;
    }

    /**
     * Finds the columns whose code has changed since stored values were computed, and the files that the code names and
     * that have changed. Does not include columns that need one of these columns: whatever computes those again
     * computes them, too.
     *
     * @param parts parts with rows
     * @return changed files by column, in the order of the class
     */
    private Map<String, Set<String>> changed(List<Part> parts) {
        Map<String, Set<String>> changed = new LinkedHashMap<>();
        for (TableSchema.ColumnField field : schema.columns().subList(0, columns)) {
            for (Part part : parts) {
                if (isCurrent(part, field) && isOtherCode(part, field)) {
                    part.footer()
                            .present(field.name())
                            .map(stored ->
                                    field.code().changedFiles(stored.field().code()))
                            .ifPresent(changed.computeIfAbsent(field.name(), name -> new TreeSet<>())::addAll);
                }
            }
        }
        Set<String> all = Set.copyOf(changed.keySet());
        changed.keySet().removeIf(name -> options.changedCode().needsAny(name, all));
        return changed;
    }

    /**
     * Returns what to say about changed code: an error, a warning or a note, which depends on the policy.
     *
     * @param where the table, for messages
     * @param parts parts with rows
     * @return empty if no code has changed
     */
    public Optional<String> changedCode(String where, List<Part> parts) {
        Map<String, Set<String>> changed = changed(parts);
        if (changed.isEmpty()) {
            return Optional.empty();
        }
        Set<String> files = new TreeSet<>();
        changed.values().forEach(files::addAll);
        String what = ": the code of " + String.join(", ", changed.keySet())
                + " has changed since stored values were computed"
                + (files.isEmpty() ? "" : " (changed files: " + String.join(", ", files) + ")");
        String recompute = "--recompute " + String.join(" --recompute ", changed.keySet());
        return Optional.of(
                switch (options.changedCode().policy()) {
                    case WARN ->
                        "Table " + schema.table() + what + "; they are kept. To compute them again: " + recompute
                                + ", or raise the column's version";
                    case RECOMPUTE -> "Table " + schema.table() + what + "; they are computed again";
                    case REFUSE ->
                        where + what + ", which --changed-code refuse rejects. To compute them again: " + recompute
                                + ". To keep them: --changed-code warn";
                });
    }

    /** Selects the columns to read: those that are wanted and valid. */
    public PartColumns reading(Part part, BitSet wanted) {
        BitSet read = valid(part);
        read.and(wanted);
        return new PartColumns(part, read, read);
    }

    /**
     * Selects the columns to keep when a part is rewritten. Values that are not valid are kept if there are no valid
     * ones: the class may return to an older version, and computing a value again may fail.
     */
    public PartColumns rewriting(Part part) {
        return new PartColumns(part, part.matching(schema), valid(part));
    }
}
