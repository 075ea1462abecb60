package org.rowmill.schemas.model;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.Times;
import org.rowmill.schemas.model.TableLayout.Source;
import org.rowmill.schemas.model.shape.TableShape;
import org.rowmill.schemas.model.shape.TypeShape;
import org.rowmill.table.RowContext;
import org.rowmill.table.Table;

/** Computes columns by calling a method of a loaded class. */
final class MethodFunction implements ColumnFunction {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private final TableLayout.Function function;
    private final List<MethodHandle> indexParts;
    private final MethodHandle call;
    private final List<MethodHandle> components;
    private final Source[] sources;
    private final List<Integer> makes;
    private final List<Integer> needs;
    private final TableShape.Mark mark;
    private final Optional<Duration> timeout;

    /**
     * Prepares the call.
     *
     * @param function the method
     * @param indexParts accessors of a record index, none for an index of a single value
     */
    MethodFunction(TableLayout.Function function, List<MethodHandle> indexParts) throws IllegalAccessException {
        this.function = function;
        this.indexParts = indexParts;
        this.sources = function.sources().toArray(Source[]::new);
        this.makes = function.makes();
        this.needs = function.needs();
        this.mark = function.method().mark().orElseThrow();
        this.timeout = Times.parse(mark.timeout());
        Method method = (Method) function.method().origin();
        method.setAccessible(true);
        MethodHandle handle = LOOKUP.unreflect(method).asFixedArity();
        this.call = handle.asType(handle.type().generic())
                .asSpreader(Object[].class, sources.length)
                .asType(MethodType.methodType(Object.class, Object.class, Object[].class));
        this.components = accessors(function.method().returns());
    }

    private static List<MethodHandle> accessors(TypeShape returns) throws IllegalAccessException {
        TypeShape type = returns.isOptionalRecord() ? returns.arguments().get(0) : returns;
        return type.kind() == TypeShape.Kind.RECORD && type.runtime() != null
                ? RecordAccess.accessors(type.runtime())
                : List.of();
    }

    @Override
    public List<Integer> makes() {
        return makes;
    }

    @Override
    public List<Integer> needs() {
        return needs;
    }

    @Override
    public Optional<Duration> timeout() {
        return timeout;
    }

    @Override
    public boolean isRetriedOn(Throwable thrown) {
        return mark.retryOn().stream().anyMatch(kind -> kind.isInstance(thrown));
    }

    @Override
    public void compute(Table<?> table, Object index, RowContext context, @Nullable Object[] values) throws Throwable {
        @Nullable Object[] arguments = new Object[sources.length];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = argument(i, index, context, values);
        }
        @Nullable Object result = (Object) call.invokeExact((Object) table, arguments);
        if (components.isEmpty()) {
            values[makes.get(0)] = result;
            return;
        }
        Object made = result instanceof Optional<?> optional ? optional.orElse(null) : result;
        for (int i = 0; i < makes.size(); i++) {
            values[makes.get(i)] =
                    made == null ? null : (Object) components.get(i).invokeExact(made);
        }
    }

    private @Nullable Object argument(int i, Object index, RowContext context, @Nullable Object[] values)
            throws Throwable {
        Source source = sources[i];
        if (source instanceof Source.Value value) {
            Object argument = values[value.column()];
            if (argument == null && function.method().parameters().get(i).type().isPrimitive()) {
                throw nullArgument(i);
            }
            return argument;
        }
        if (source instanceof Source.IndexPart part) {
            return (Object) indexParts.get(part.number()).invokeExact(index);
        }
        return source instanceof Source.Context ? context : index;
    }

    /** A primitive column is null only if the whole record that it belongs to was null. */
    private IllegalStateException nullArgument(int i) {
        TableShape.Parameter parameter = function.method().parameters().get(i);
        return new IllegalStateException(
                function.method().title() + ", parameter \"" + parameter.type().text() + " "
                        + parameter.name() + "\": the record of this column was null; declare the parameter as "
                        + parameter.type().boxed().text() + " if the record can be null");
    }
}
