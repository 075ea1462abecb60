package org.rowmill.producer.plan;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rowmill.schemas.model.ColumnFunction;
import org.rowmill.schemas.model.TableModel;

/** Determines which columns of a row are missing, and which stored values they need. Used by one thread. */
public final class MissingColumns {

    private final TableModel model;
    private final Map<BitSet, Work> works = new HashMap<>();

    public MissingColumns(TableModel model) {
        this.model = model;
    }

    /**
     * What to compute for a row.
     *
     * @param columns numbers of the missing columns; empty: none
     * @param known numbers of the columns whose stored values the missing columns need
     */
    public record Work(List<Integer> columns, List<Integer> known) {
        public Work {
            columns = List.copyOf(columns);
            known = List.copyOf(known);
        }

        public boolean isNone() {
            return columns.isEmpty();
        }
    }

    /** Returns what to compute for a row that has these columns. */
    public Work of(BitSet present) {
        return works.computeIfAbsent((BitSet) present.clone(), this::work);
    }

    private Work work(BitSet present) {
        List<Integer> columns = new ArrayList<>();
        for (int column = 0; column < model.schema().columns().size(); column++) {
            if (!present.get(column)) {
                columns.add(column);
            }
        }
        Set<Integer> known = new LinkedHashSet<>();
        for (ColumnFunction function : model.functions()) {
            if (function.makes().stream().anyMatch(columns::contains)) {
                function.needs().stream().filter(present::get).forEach(known::add);
            }
        }
        return new Work(columns, List.copyOf(known));
    }

    /** Returns the named columns and all columns that need them, directly or indirectly. */
    public static Set<String> withDependents(TableModel model, Set<String> columns) {
        Set<String> all = new LinkedHashSet<>(columns);
        for (ColumnFunction function : model.functions()) {
            if (function.needs().stream().anyMatch(need -> all.contains(name(model, need)))) {
                function.makes().forEach(column -> all.add(name(model, column)));
            }
        }
        return all;
    }

    private static String name(TableModel model, int column) {
        return model.schema().columns().get(column).name();
    }
}
