package org.rowmill.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.WrongInput;
import org.rowmill.store.parts.DamagedPart;

/** Creates streams from sources that return one row at a time and must be closed. */
final class CloseableStreams {

    interface Source<T> {
        /** Returns the next row, or null after the last one. */
        @Nullable
        T next() throws IOException;
    }

    private CloseableStreams() {}

    static <T> Stream<T> stream(Source<T> source, AutoCloseable resource) {
        Spliterator<T> rows =
                new Spliterators.AbstractSpliterator<>(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL) {
                    @Override
                    public boolean tryAdvance(Consumer<? super T> action) {
                        T next = next(source);
                        if (next == null) {
                            return false;
                        }
                        action.accept(next);
                        return true;
                    }
                };
        return StreamSupport.stream(rows, false).onClose(() -> close(resource));
    }

    private static <T> @Nullable T next(Source<T> source) {
        try {
            return source.next();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    static RuntimeException failure(IOException e) {
        return e instanceof DamagedPart damaged
                ? new WrongInput(damaged.getMessage())
                : new UncheckedIOException(e.getMessage(), e);
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (IOException e) {
            throw failure(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
