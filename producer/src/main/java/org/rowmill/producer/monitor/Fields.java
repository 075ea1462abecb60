package org.rowmill.producer.monitor;

import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.console.Json;

/** Typed access to the fields of an object that {@link Json} parsed. A wrong type causes a {@code ClassCastException}. */
record Fields(@Nullable Object object) {

    Optional<Object> find(String name) {
        return object instanceof Map<?, ?> map ? Optional.ofNullable(map.get(name)) : Optional.empty();
    }

    private Object get(String name) {
        return find(name).orElseThrow(() -> new NoSuchElementException("no field " + name));
    }

    String text(String name) {
        return (String) get(name);
    }

    long number(String name) {
        return (Long) get(name);
    }

    double real(String name) {
        return ((Number) get(name)).doubleValue();
    }

    boolean flag(String name) {
        return (Boolean) get(name);
    }

    List<?> list(String name) {
        return (List<?>) get(name);
    }
}
