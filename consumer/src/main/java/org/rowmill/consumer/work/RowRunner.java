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

/** Computes the columns of rows, without threads and messages. Each slot has its own runner and table instances. */
final class RowRunner {

    private static final int MAX_CACHED = 1_000;

    private final List<TableModel> models;
    private final @Nullable Table<?>[] tables;
    private final String node;
    private final Deadline deadline;
    private final Map<Request, List<ColumnFunction>> functions = new HashMap<>();

    RowRunner(List<TableModel> models, String node, Deadline deadline) {
        this.models = List.copyOf(models);
        this.tables = new Table<?>[models.size()];
        this.node = node;
        this.deadline = deadline;
    }

    private record Request(int table, List<Integer> columns, Set<Integer> known) {}

    /**
     * Computes the requested columns of a row. If a function throws, its columns and those that need them have no
     * values. Whatever else depends on the code or the stored values of the user fails the row, too.
     *
     * @param message the row
     * @param context passed to functions that have it as a parameter
     * @return values and failures
     * @throws OutOfMemoryError if the memory is full; nothing in this process is reliable then
     */
    ResultMessage run(RowMessage message, RowContext context) {
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
        } catch (InvocationTargetException e) { // from the constructor: no column can be computed
            if (e.getTargetException() instanceof OutOfMemoryError memory) {
                throw memory;
            }
            row.failAll(e.getTargetException());
        } catch (Throwable e) { // from the conversion of the index, or from loading the class
            row.failAll(e);
        }
        long nanos = System.nanoTime() - start;
        return new ResultMessage(
                message.table(),
                message.row(),
                message.token(),
                message.attempt(),
                node,
                nanos,
                ResultMessage.Kind.COMPUTED,
                row.stored,
                row.failures);
    }

    private Table<?> table(int number) throws ReflectiveOperationException {
        Table<?> table = tables[number];
        if (table == null) {
            table = models.get(number).newTable();
            tables[number] = table;
        }
        return table;
    }

    /**
     * Returns the required functions in order of their dependencies. Few combinations occur in a run, so it caches
     * them.
     */
    private List<ColumnFunction> functions(RowMessage message, BitSet wanted) {
        if (functions.size() > MAX_CACHED) {
            functions.clear();
        }
        Request request = new Request(
                message.table(),
                message.columns(),
                message.known().isEmpty()
                        ? Set.of()
                        : Set.copyOf(message.known().keySet()));
        List<ColumnFunction> required = functions.get(request);
        if (required == null) {
            required = required(models.get(message.table()).functions(), wanted, request.known());
            functions.put(request, required);
        }
        return required;
    }

    private static List<ColumnFunction> required(List<ColumnFunction> all, BitSet wanted, Set<Integer> known) {
        BitSet missing = (BitSet) wanted.clone();
        List<ColumnFunction> required = new ArrayList<>();
        for (int i = all.size() - 1; i >= 0; i--) {
            ColumnFunction function = all.get(i);
            if (function.makes().stream().anyMatch(missing::get)) {
                required.add(0, function);
                function.needs().stream()
                        .filter(column -> !known.contains(column))
                        .forEach(missing::set);
            }
        }
        return required;
    }

    /** The state of one row while it is computed. */
    private static final class Computation {
        private final TableModel model;
        private final Deadline deadline;
        private final BitSet wanted = new BitSet();
        private final BitSet failed = new BitSet();
        private final Map<Integer, @Nullable Object> known;
        private final BitSet unconverted = new BitSet();
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
            this.known = message.known();
            known.keySet().forEach(unconverted::set);
        }

        void compute(ColumnFunction function, Table<?> table, Object index, RowContext context) {
            List<Integer> makes = function.makes();
            if (!failed.isEmpty() && function.needs().stream().anyMatch(failed::get)) {
                makes.forEach(failed::set); // the failure of the column that it needs is enough
                return;
            }
            if (!convert(function) || !call(function, table, index, context)) {
                return;
            }
            for (int column : makes) {
                store(column);
            }
        }

        /**
         * Converts the known values that a function needs. A stored value can be unusable, for example if a constant of
         * an enum was removed. Another attempt would not change that, unless a class is missing here. Returns false if
         * the function has failed.
         */
        private boolean convert(ColumnFunction function) {
            if (unconverted.isEmpty()) {
                return true;
            }
            try {
                for (int column : function.needs()) {
                    if (unconverted.get(column)) {
                        values[column] = model.value(column, known.get(column));
                        unconverted.clear(column);
                    }
                }
                return true;
            } catch (OutOfMemoryError e) {
                throw e;
            } catch (Throwable e) {
                fail(function.makes(), e, e instanceof LinkageError);
                return false;
            }
        }

        /**
         * Calls a function. If a time limit was exceeded, the function fails for this reason, whatever it threw or
         * returned. Returns false if it has failed.
         */
        private boolean call(ColumnFunction function, Table<?> table, Object index, RowContext context) {
            Throwable thrown = null;
            Optional<Deadline.Expired> expired = deadline.endMethod(); // then there is no time left for this function
            if (expired.isEmpty()) {
                function.timeout().ifPresent(deadline::beginMethod);
                try {
                    function.compute(table, index, context, values);
                } catch (OutOfMemoryError e) {
                    throw e;
                } catch (Throwable e) {
                    thrown = e;
                }
                expired = deadline.endMethod();
            }
            if (expired.isPresent()) {
                thrown = Failures.timeout(expired.get());
            }
            if (thrown != null) {
                fail(function.makes(), thrown, function.isRetriedOn(thrown));
            }
            return thrown == null;
        }

        /** Fails a value that cannot be stored, also for columns that need it: a later run would not have it. */
        private void store(int column) {
            try {
                Object value = model.stored(column, values[column]);
                if (wanted.get(column)) {
                    stored.put(column, value);
                }
            } catch (OutOfMemoryError e) {
                throw e;
            } catch (Throwable e) { // for example from a list class of the user
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
