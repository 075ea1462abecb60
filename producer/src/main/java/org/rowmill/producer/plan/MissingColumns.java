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

/** Tells for a row that has some columns which are to be computed, and which of its values that takes. Used by one thread. */
public final class MissingColumns {

    private final TableModel model;
    private final Map<BitSet, Work> works = new HashMap<>();

    public MissingColumns(TableModel model) {
        this.model = model;
    }

    /**
     * What a row lacks.
     *
     * @param columns numbers of the columns to compute; empty: none
     * @param known numbers of the columns whose stored values those need
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

    /** The named columns and all that need them, directly or not. */
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
