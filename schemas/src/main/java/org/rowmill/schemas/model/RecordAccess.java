package org.rowmill.schemas.model;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads and creates records of user classes, which can be private. */
final class RecordAccess {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private RecordAccess() {}

    /** Returns a handle for each component of a record; each takes an {@code Object} and returns one. */
    static List<MethodHandle> accessors(Class<?> record) throws IllegalAccessException {
        List<MethodHandle> accessors = new ArrayList<>();
        for (RecordComponent component : record.getRecordComponents()) {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            accessors.add(LOOKUP.unreflect(accessor).asType(MethodType.genericMethodType(1)));
        }
        return List.copyOf(accessors);
    }

    /** Returns the canonical constructor of a record. */
    static Constructor<?> constructor(Class<?> record) throws NoSuchMethodException {
        Class<?>[] types = Arrays.stream(record.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        Constructor<?> canonical = record.getDeclaredConstructor(types);
        canonical.setAccessible(true);
        return canonical;
    }
}
