package org.rowmill.producer.project;

/**
 * Gives a thread the class loader of a project while it runs code of the project, as consumers do: libraries of the
 * project find their services and resources by it. Closed by the same thread.
 */
public final class ContextLoader implements AutoCloseable {

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    private ContextLoader(ClassLoader loader) {
        Thread.currentThread().setContextClassLoader(loader);
    }

    /** Sets the class loader of a class of the project, until the result is closed. */
    public static ContextLoader of(Class<?> type) {
        return new ContextLoader(type.getClassLoader());
    }

    @Override
    public void close() {
        Thread.currentThread().setContextClassLoader(before);
    }
}
