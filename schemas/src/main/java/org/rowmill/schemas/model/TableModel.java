package org.rowmill.schemas.model;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.WrongInput;
import org.rowmill.table.RowContext;
import org.rowmill.table.Table;

/** A table class, found fit: its columns in source order, and how each is computed. Immutable, thread-safe. */
public final class TableModel {

    private final Class<?> table;
    private final TableSchema schema;
    private final Constructor<?> constructor;
    private final List<ColumnFunction> functions;
    private final List<Conversion> columns;
    private final List<Conversion> indexParts;
    private final List<MethodHandle> indexAccessors;
    private final @Nullable Constructor<?> indexConstructor;

    private TableModel(ReflectedTable reflected, TableShape shape, TableLayout layout)
            throws ReflectiveOperationException {
        table = (Class<?>) shape.origin();
        constructor = table.getConstructor();
        Class<?> index =
                shape.index().kind() == TypeShape.Kind.RECORD ? shape.index().runtime() : null;
        indexConstructor = index == null ? null : constructor(index);
        indexAccessors = index == null ? List.of() : MethodFunction.accessors(index);
        indexParts =
                layout.index().stream().map(part -> conversion(part.type())).toList();
        columns = layout.columns().stream()
                .map(column -> conversion(column.type()))
                .toList();
        List<ColumnFunction> calls = new ArrayList<>();
        for (TableLayout.Function function : layout.functions()) {
            calls.add(new MethodFunction(function, indexAccessors));
        }
        functions = List.copyOf(calls);
        schema = schema(reflected, shape, layout);
    }

    /**
     * Reads and checks a table class.
     *
     * @param table the class
     * @return its model
     * @throws WrongInput with every fault of the class
     */
    public static TableModel of(Class<?> table) {
        try {
            ReflectedTable reflected = new ReflectedTable(table);
            TableShape shape = reflected.shape();
            TableCheck check = new TableCheck(shape);
            TableLayout layout = check.layout();
            if (!check.faults().isEmpty()) {
                throw new WrongInput(check.faults().stream().map(Fault::text).toList());
            }
            return new TableModel(reflected, shape, layout);
        } catch (LinkageError | TypeNotPresentException e) {
            throw new WrongInput("table " + table.getName() + ": a class it needs cannot be loaded: " + e.getMessage()
                    + ". Put its jar into lib/");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("table " + table.getName() + " was checked and still cannot be called", e);
        }
    }

    /**
     * What the table stores.
     *
     * @return the schema
     */
    public TableSchema schema() {
        return schema;
    }

    /**
     * The user's class.
     *
     * @return the class
     */
    public Class<?> tableClass() {
        return table;
    }

    /**
     * A new instance of the class.
     *
     * @return for one thread
     * @throws ReflectiveOperationException when the constructor throws
     */
    public Table<?> newTable() throws ReflectiveOperationException {
        return (Table<?>) constructor.newInstance();
    }

    /**
     * The column methods, each after those whose columns it needs.
     *
     * @return the functions
     */
    public List<ColumnFunction> functions() {
        return functions;
    }

    /**
     * Turns an index into what is stored.
     *
     * @param index what {@code index()} listed
     * @return stored values, one for each index column
     * @throws IllegalArgumentException when it is null or holds a null, or an absolute path
     */
    public List<Object> storedIndex(@Nullable Object index) {
        if (index == null) {
            throw new IllegalArgumentException("table " + schema.table() + ": index() listed null");
        }
        List<Object> stored = new ArrayList<>(indexParts.size());
        for (int i = 0; i < indexParts.size(); i++) {
            stored.add(storedPart(i, indexConstructor == null ? index : component(i, index), index));
        }
        return stored;
    }

    /**
     * Turns stored values into the index.
     *
     * @param stored one for each index column
     * @return an equal index
     */
    public Object index(List<Object> stored) {
        if (indexConstructor == null) {
            return part(0, stored);
        }
        Object[] arguments = new Object[indexParts.size()];
        Arrays.setAll(arguments, i -> part(i, stored));
        try {
            return indexConstructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "table " + schema.table() + ": the constructor of the index refuses " + stored + ": "
                            + e.getCause(),
                    e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the constructor of a record is accessible", e);
        }
    }

    /**
     * Turns the value of a column, as its method gave it, into what is stored.
     *
     * @param column number of the column
     * @param value the value
     * @return the stored value
     * @throws IllegalArgumentException when the type cannot hold it (a decimal of too many digits)
     */
    public @Nullable Object stored(int column, @Nullable Object value) {
        try {
            return columns.get(column).stored(value);
        } catch (IllegalArgumentException | ClassCastException | DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "column " + schema.columns().get(column).name() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Turns a stored value into the value as the column's method declares it.
     *
     * @param column number of the column
     * @param stored the stored value
     * @return the value
     */
    public @Nullable Object value(int column, @Nullable Object stored) {
        try {
            return columns.get(column).value(stored);
        } catch (IllegalArgumentException | ClassCastException e) {
            throw new IllegalArgumentException(
                    "column " + schema.columns().get(column).name() + ": " + e.getMessage(), e);
        }
    }

    private Object storedPart(int i, @Nullable Object part, Object index) {
        if (part == null) {
            throw refused(i, index, "null");
        }
        if (part instanceof Path path && path.isAbsolute()) {
            throw refused(i, index, "an absolute path (" + path + "): relative to the project was expected");
        }
        try {
            Object stored = indexParts.get(i).stored(part);
            if (stored != null) {
                return stored;
            }
        } catch (IllegalArgumentException | ClassCastException e) {
            throw refused(i, index, String.valueOf(e.getMessage()));
        }
        throw refused(i, index, "null");
    }

    private IllegalArgumentException refused(int i, Object index, String why) {
        return new IllegalArgumentException("table " + schema.table() + ": index() listed " + index + ", whose "
                + schema.index().get(i).name() + " cannot be stored: " + why);
    }

    private Object component(int i, Object index) {
        try {
            return (Object) indexAccessors.get(i).invokeExact(index);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("accessors of records throw nothing checked", e);
        }
    }

    private Object part(int i, List<Object> stored) {
        Object part = indexParts.get(i).value(stored.get(i));
        if (part == null) {
            throw new IllegalArgumentException(
                    "index column " + schema.index().get(i).name() + " is null");
        }
        return part;
    }

    private static TableSchema schema(ReflectedTable reflected, TableShape shape, TableLayout layout) {
        Map<Integer, TableSchema.ColumnField> fields = new HashMap<>();
        for (TableLayout.Function function : layout.functions()) {
            String code = reflected.codeHash((Method) function.method().origin());
            for (int column : function.makes()) {
                TableLayout.ValueColumn made = layout.columns().get(column);
                ColumnType type = conversion(made.type()).type();
                fields.put(column, new TableSchema.ColumnField(made.name(), type, function.version(), code));
            }
        }
        return new TableSchema(
                shape.name(),
                layout.index().stream()
                        .map(part -> new TableSchema.IndexField(
                                part.name(), conversion(part.type()).type()))
                        .toList(),
                layout.columns().stream()
                        .map(column -> fields.get(layout.columns().indexOf(column)))
                        .toList());
    }

    private static Conversion conversion(TypeShape type) {
        return Conversion.of(type).orElseThrow();
    }

    private static Constructor<?> constructor(Class<?> index) throws NoSuchMethodException {
        Class<?>[] types = Arrays.stream(index.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        Constructor<?> canonical = index.getDeclaredConstructor(types);
        canonical.setAccessible(true);
        return canonical;
    }

    /** One column method. */
    public interface ColumnFunction {

        /**
         * Numbers of the columns it computes.
         *
         * @return at least one
         */
        List<Integer> makes();

        /**
         * Numbers of the columns it takes as parameters.
         *
         * @return none for a function of the index alone
         */
        List<Integer> needs();

        /**
         * How long it may take.
         *
         * @return empty: as long as its row may
         */
        Optional<Duration> timeout();

        /**
         * Whether what it threw is worth another attempt.
         *
         * @param thrown what it threw
         * @return whether the method's author says so
         */
        boolean isRetriedOn(Throwable thrown);

        /**
         * Computes its columns.
         *
         * @param table the table
         * @param index the row's index
         * @param context handed to methods that ask for it
         * @param values by column number, as methods declare them: needed ones are read, made ones are set
         * @throws Throwable what the method threw, itself
         */
        void compute(Table<?> table, Object index, RowContext context, @Nullable Object[] values) throws Throwable;
    }
}
