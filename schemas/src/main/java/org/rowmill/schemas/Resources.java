package org.rowmill.schemas;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * What was opened one after the other, to be closed in reverse order, all of it, whatever fails on the way. Used by one
 * thread at a time.
 */
public final class Resources implements AutoCloseable {

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Consumer<Exception> failures;

    /**
     * None yet.
     *
     * @param failures is told of what could not be closed
     */
    public Resources(Consumer<Exception> failures) {
        this.failures = failures;
    }

    /**
     * Takes one more.
     *
     * @param resource is closed before those that were taken before it
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
