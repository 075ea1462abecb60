package org.rowmill.schemas;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Resources that are closed in the reverse order of opening. If closing one fails, the others are still closed.
 * Used by one thread at a time.
 */
public final class Resources implements AutoCloseable {

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Consumer<Exception> failures;

    /**
     * Makes an empty set of resources.
     *
     * @param failures receives exceptions of {@code close}
     */
    public Resources(Consumer<Exception> failures) {
        this.failures = failures;
    }

    /**
     * Adds a resource.
     *
     * @param resource a resource, which is closed before those that were added before
     * @param <T> its type
     * @return the resource
     */
    public <T extends AutoCloseable> T opened(T resource) {
        open.push(resource);
        return resource;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                failures.accept(e);
            }
        }
    }
}
