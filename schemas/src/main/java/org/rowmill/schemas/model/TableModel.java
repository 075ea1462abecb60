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
import org.rowmill.table.Table;

/** A table class, found fit: its columns in source order, and how each is computed. Immutable, thread-safe. */
public final class TableModel {

    private final Class<?> table;
    private final TableSchema schema;
    private final Constructor<?> constructor;
    private final List<ColumnFunction> functions;
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
        return this.index.stored(index);
    }

    /**
     * Turns stored values into the index.
     *
     * @param stored one for each index column
     * @return an equal index
     */
    public Object index(List<Object> stored) {
        return index.value(stored);
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
