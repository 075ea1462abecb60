package org.rowmill.consumer.work;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.ColumnFunction;
import org.rowmill.schemas.model.TableModel;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.ResultMessage.Failure;
import org.rowmill.schemas.protocol.RowMessage;
import org.rowmill.table.RowContext;
import org.rowmill.table.Table;

/** Computes rows, with no threads and no messages. One for each slot: it has table instances of its own. */
final class RowRunner {

    private static final int REMEMBERED = 1_000;

    private final List<TableModel> models;
    private final @Nullable Table<?>[] tables;
    private final String node;
    private final Deadline deadline;
    private final Map<Asked, List<ColumnFunction>> functions = new HashMap<>();

    RowRunner(List<TableModel> models, String node, Deadline deadline) {
        this.models = List.copyOf(models);
        this.tables = new Table<?>[models.size()];
        this.node = node;
        this.deadline = deadline;
    }

    private record Asked(int table, List<Integer> columns, Set<Integer> known) {}

    /**
     * Computes the columns that a row lacks. A function that throws costs its columns and those that need them.
     *
     * @param message the row
     * @param attempt which attempt this is
     * @param context handed to functions that ask for it
     * @return values and failures
     * @throws OutOfMemoryError when memory ends: then nothing in this process can be relied on
     */
    ResultMessage run(RowMessage message, int attempt, RowContext context) {
        TableModel model = models.get(message.table());
        Computation row = new Computation(model, message, deadline);
        long start = System.nanoTime();
        try {
            Table<?> table = table(message.table());
            Object index = model.index(message.index());
            for (ColumnFunction function : functions(message, row.wanted)) {
                row.compute(function, table, index, context);
            }
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (InvocationTargetException e) { // the constructor: no column can be had
            if (e.getCause() instanceof OutOfMemoryError memory) {
                throw memory;
            }
            row.failAll(e.getCause());
        } catch (Throwable e) { // the index, or the class itself
            row.failAll(e);
        }
        long nanos = System.nanoTime() - start;
        return new ResultMessage(
                message.table(), message.row(), message.token(), attempt, node, nanos, row.stored, row.failures);
    }

    private Table<?> table(int number) throws ReflectiveOperationException {
        Table<?> table = tables[number];
        if (table == null) {
            table = models.get(number).newTable();
            tables[number] = table;
        }
        return table;
    }

    /** The functions needed, in an order that works. Few combinations occur in a run, so they are remembered. */
    private List<ColumnFunction> functions(RowMessage message, BitSet wanted) {
        if (functions.size() > REMEMBERED) {
            functions.clear();
        }
        Asked asked = new Asked(
                message.table(),
                message.columns(),
                message.known().isEmpty()
                        ? Set.of()
                        : Set.copyOf(message.known().keySet()));
        List<ColumnFunction> found = functions.get(asked);
        if (found == null) {
            found = needed(models.get(message.table()).functions(), wanted, asked.known());
            functions.put(asked, found);
        }
        return found;
    }

    private static List<ColumnFunction> needed(List<ColumnFunction> all, BitSet wanted, Set<Integer> known) {
        BitSet lacking = (BitSet) wanted.clone();
        List<ColumnFunction> needed = new ArrayList<>();
        for (int i = all.size() - 1; i >= 0; i--) {
            ColumnFunction function = all.get(i);
            if (function.makes().stream().anyMatch(lacking::get)) {
                needed.add(0, function);
                function.needs().stream()
                        .filter(column -> !known.contains(column))
                        .forEach(lacking::set);
            }
        }
        return needed;
    }

    /** What is known of one row while it is computed. */
    private static final class Computation {
        private final TableModel model;
        private final Deadline deadline;
        private final BitSet wanted = new BitSet();
        private final BitSet failed = new BitSet();
        private final @Nullable Object[] values;
        private final Map<Integer, @Nullable Object> stored = new HashMap<>();
        private final List<Failure> failures = new ArrayList<>();

        Computation(TableModel model, RowMessage message, Deadline deadline) {
            int columns = model.schema().columns().size();
            this.model = model;
            this.deadline = deadline;
            this.values = new Object[columns];
            if (message.columns().isEmpty()) {
                wanted.set(0, columns);
            } else {
                message.columns().forEach(wanted::set);
            }
            message.known().forEach((column, value) -> values[column] = model.value(column, value));
        }

        void compute(ColumnFunction function, Table<?> table, Object index, RowContext context) {
            List<Integer> makes = function.makes();
            if (!failed.isEmpty() && function.needs().stream().anyMatch(failed::get)) {
                makes.forEach(failed::set); // the failure of what it needs says it all
                return;
            }
            Throwable thrown = call(function, table, index, context);
            if (thrown != null) {
                fail(makes, thrown, function.isRetriedOn(thrown));
                return;
            }
            for (int column : makes) {
                store(column);
            }
        }

        /** What it threw; a method whose time is over has failed of that, whatever it threw or returned. */
        private @Nullable Throwable call(ColumnFunction function, Table<?> table, Object index, RowContext context) {
            Throwable thrown = null;
            Optional<Deadline.Expired> before = deadline.endMethod();
            if (before.isPresent()) {
                return Failures.timeout(before.get()); // of the row: there is no time left for this one
            }
            function.timeout().ifPresent(deadline::beginMethod);
            try {
                function.compute(table, index, context, values);
            } catch (OutOfMemoryError e) {
                throw e;
            } catch (Throwable e) {
                thrown = e;
            }
            Optional<Deadline.Expired> after = deadline.endMethod();
            return after.isPresent() ? Failures.timeout(after.get()) : thrown;
        }

        /** What cannot be stored is no value for the columns that need it either: a later run would not have it. */
        private void store(int column) {
            try {
                Object value = model.stored(column, values[column]);
                if (wanted.get(column)) {
                    stored.put(column, value);
                }
            } catch (RuntimeException | StackOverflowError e) { // a list of the user's may throw anything
                fail(List.of(column), e, true);
            }
        }

        void failAll(Throwable e) {
            stored.clear();
            failures.clear();
            fail(wanted.stream().boxed().toList(), e, true);
        }

        private void fail(List<Integer> columns, Throwable e, boolean isRetryable) {
            columns.forEach(failed::set);
            String names = columns.stream()
                    .map(column -> model.schema().columns().get(column).name())
                    .collect(Collectors.joining(","));
            failures.add(Failures.of(names, e, isRetryable));
        }
    }
}
