package org.rowmill.schemas.model;

import java.util.List;
import org.rowmill.schemas.model.shape.TableShape;
import org.rowmill.schemas.model.shape.TypeShape;

/**
 * A table class after its check.
 *
 * @param index columns of the index
 * @param columns value columns in the order of the source
 * @param functions column methods, each after those that it needs
 */
record TableLayout(List<Part> index, List<ValueColumn> columns, List<Function> functions) {

    TableLayout {
        index = List.copyOf(index);
        columns = List.copyOf(columns);
        functions = List.copyOf(functions);
    }

    /** A column of the index. */
    record Part(String name, TypeShape type) {}

    /** A value column and the number of the method that computes it. */
    record ValueColumn(String name, TypeShape type, int method) {}

    /** A column method, the columns that it computes, where its arguments come from, and its effective version. */
    record Function(TableShape.Method method, List<Integer> makes, List<Source> sources, int version) {
        List<Integer> needs() {
            return sources.stream()
                    .filter(Source.Value.class::isInstance)
                    .map(source -> ((Source.Value) source).column())
                    .distinct()
                    .toList();
        }
    }

    /** Where an argument comes from. */
    sealed interface Source {
        /** The row's context. */
        record Context() implements Source {}

        /** The whole index. */
        record WholeIndex() implements Source {}

        /** A component of a record index. */
        record IndexPart(int number) implements Source {}

        /** A column. */
        record Value(int column) implements Source {}

        /** Unknown, because the parameter has a fault. */
        record None() implements Source {}
    }
}
