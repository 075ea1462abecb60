package org.rowmill.schemas.model;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.model.shape.TableShape;
import org.rowmill.schemas.model.shape.TypeShape;

/** Converts between an index of a table class and its stored values. Immutable, thread-safe. */
final class IndexConversion {

    private final String table;
    private final List<String> names;
    private final List<Conversion> parts;
    private final List<MethodHandle> accessors;

    /** Makes a record index; null: the index is a single value. */
    private final @Nullable Constructor<?> constructor;

    private IndexConversion(String table, TableLayout layout, @Nullable Class<?> record)
            throws ReflectiveOperationException {
        this.table = table;
        this.names = layout.index().stream().map(TableLayout.Part::name).toList();
        this.parts = layout.index().stream()
                .map(part -> Conversions.of(part.type()).orElseThrow())
                .toList();
        this.accessors = record == null ? List.of() : RecordAccess.accessors(record);
        this.constructor = record == null ? null : RecordAccess.constructor(record);
    }

    static IndexConversion of(TableShape shape, TableLayout layout) throws ReflectiveOperationException {
        TypeShape index = shape.index();
        return new IndexConversion(
                shape.name(), layout, index.kind() == TypeShape.Kind.RECORD ? index.runtime() : null);
    }

    /** Returns the accessors of a record index, none for an index of a single value. */
    List<MethodHandle> accessors() {
        return accessors;
    }

    /**
     * Converts an index to its stored values.
     *
     * @throws IllegalArgumentException if it is null, or a part of it cannot be stored
     */
    List<Object> stored(@Nullable Object index) {
        if (index == null) {
            throw new IllegalArgumentException("table " + table + ": index() listed null");
        }
        List<Object> stored = new ArrayList<>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            stored.add(storedPart(i, constructor == null ? index : component(i, index), index));
        }
        return stored;
    }

    private Object storedPart(int i, @Nullable Object part, Object index) {
        if (part == null) {
            throw rejected(i, index, "null");
        }
        if (part instanceof Path path && path.isAbsolute()) {
            throw rejected(i, index, "an absolute path (" + path + "): relative to the project was expected");
        }
        if (part instanceof Path path && !NameNotText.isText(path)) {
            throw new NameNotText(path);
        }
        try {
            Object stored = parts.get(i).stored(part);
            if (stored != null) {
                return stored;
            }
        } catch (IllegalArgumentException | ClassCastException e) {
            throw rejected(i, index, String.valueOf(e.getMessage()));
        }
        throw rejected(i, index, "null");
    }

    private IllegalArgumentException rejected(int i, Object index, String why) {
        return new IllegalArgumentException("table " + table + ": index() listed " + index + ", whose " + names.get(i)
                + " cannot be stored: " + why);
    }

    private Object component(int i, Object index) {
        try {
            return (Object) accessors.get(i).invokeExact(index);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("an accessor of a record declares no checked exception", e);
        }
    }

    /**
     * Makes the index from its stored values.
     *
     * @throws IllegalArgumentException if a stored value is null, or the constructor of the index rejects them
     */
    Object value(List<Object> stored) {
        if (constructor == null) {
            return part(0, stored);
        }
        Object[] arguments = new Object[parts.size()];
        Arrays.setAll(arguments, i -> part(i, stored));
        try {
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof OutOfMemoryError memory) {
                throw memory;
            }
            throw new IllegalArgumentException(
                    "table " + table + ": the constructor of the index rejects " + stored + ": " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the constructor of a record is accessible", e);
        }
    }

    private Object part(int i, List<Object> stored) {
        Object part = parts.get(i).value(stored.get(i));
        if (part == null) {
            throw new IllegalArgumentException("index column " + names.get(i) + " is null");
        }
        return part;
    }
}
