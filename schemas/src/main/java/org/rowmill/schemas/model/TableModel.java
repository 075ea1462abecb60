package org.rowmill.schemas.model;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.model.shape.ReflectedTable;
import org.rowmill.schemas.model.shape.TableShape;
import org.rowmill.schemas.model.shape.TypeShape;
import org.rowmill.table.Table;

/**
 * A table class after its check: its columns in the order of the source, and how to compute them. Immutable,
 * thread-safe.
 */
public final class TableModel {

    private final Class<?> table;
    private final TableSchema schema;
    private final Constructor<?> constructor;
    private final List<ColumnFunction> functions;
    private final List<ColumnMethod> methods;
    private final List<Conversion> columns;
    private final IndexConversion index;

    private TableModel(ReflectedTable reflected, TableShape shape, TableLayout layout)
            throws ReflectiveOperationException {
        table = (Class<?>) shape.origin();
        constructor = table.getConstructor();
        index = IndexConversion.of(shape, layout);
        columns = layout.columns().stream()
                .map(column -> conversion(column.type()))
                .toList();
        List<ColumnFunction> calls = new ArrayList<>();
        for (TableLayout.Function function : layout.functions()) {
            calls.add(new MethodFunction(function, index.accessors()));
        }
        functions = List.copyOf(calls);
        methods = layout.functions().stream()
                .map(function -> columnMethod(function, layout))
                .toList();
        schema = schema(reflected, shape, layout);
    }

    /**
     * Reads and checks a table class.
     *
     * @param table the class
     * @return its model
     * @throws WrongInput if the class has faults, with all of them
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
            throw new WrongInput("table " + table.getName() + ": cannot load a class that it needs: " + e.getMessage()
                    + ". Put its jar into lib/");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("table " + table.getName() + " passed its check but cannot be called", e);
        }
    }

    /**
     * Returns what the table stores.
     *
     * @return the schema
     */
    public TableSchema schema() {
        return schema;
    }

    /**
     * Returns the class of the user.
     *
     * @return the class
     */
    public Class<?> tableClass() {
        return table;
    }

    /**
     * Makes an instance of the class.
     *
     * @return a new instance, for one thread
     * @throws ReflectiveOperationException if the constructor throws
     */
    public Table<?> newTable() throws ReflectiveOperationException {
        return (Table<?>) constructor.newInstance();
    }

    /**
     * Returns the functions, each after those whose columns it needs.
     *
     * @return the functions
     */
    public List<ColumnFunction> functions() {
        return functions;
    }

    /**
     * A column method.
     *
     * @param method the method, of the table class or of one that it extends or implements
     * @param makes numbers of the columns that it computes
     * @param needs numbers of the columns that it needs
     * @param arguments where its arguments come from, one text for each
     */
    public record ColumnMethod(Method method, List<Integer> makes, List<Integer> needs, List<String> arguments) {
        public ColumnMethod {
            makes = List.copyOf(makes);
            needs = List.copyOf(needs);
            arguments = List.copyOf(arguments);
        }
    }

    private static ColumnMethod columnMethod(TableLayout.Function function, TableLayout layout) {
        List<Integer> needs = new ArrayList<>();
        List<String> arguments = new ArrayList<>();
        for (TableLayout.Source source : function.sources()) {
            if (source instanceof TableLayout.Source.Value value) {
                needs.add(value.column());
                arguments.add("column " + layout.columns().get(value.column()).name());
            } else if (source instanceof TableLayout.Source.IndexPart part) {
                arguments.add("index " + layout.index().get(part.number()).name());
            } else {
                arguments.add(source.getClass().getSimpleName());
            }
        }
        return new ColumnMethod((Method) function.method().origin(), function.makes(), needs, arguments);
    }

    /**
     * Returns the column methods.
     *
     * @return the methods, each after those whose columns it needs
     */
    public List<ColumnMethod> methods() {
        return methods;
    }

    /**
     * Converts an index to its stored values.
     *
     * @param index what {@code index()} listed
     * @return stored values, one for each index column
     * @throws IllegalArgumentException if the index is null, or contains null or an absolute path
     */
    public List<Object> storedIndex(@Nullable Object index) {
        return this.index.stored(index);
    }

    /**
     * Makes an index from its stored values.
     *
     * @param stored one value for each index column
     * @return an index that is equal to the original
     */
    public Object index(List<Object> stored) {
        return index.value(stored);
    }

    /**
     * Converts a value to its stored value.
     *
     * @param column number of the column
     * @param value what the column method returned
     * @return the stored value
     * @throws IllegalArgumentException if the type cannot store it, for example a decimal with too many digits
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
     * Converts a stored value to the type that the column method declares.
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
        return Conversions.of(type).orElseThrow();
    }
}
