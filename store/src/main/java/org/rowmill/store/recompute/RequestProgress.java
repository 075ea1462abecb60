package org.rowmill.store.recompute;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.keys.IndexKey;

/**
 * How far a run gets with the unfinished requests to compute columns again. Thread-safe: one thread plans rows while
 * another one stores failures.
 *
 * <p>The columns of a stored row are a set of bits: first the columns of the class with valid values, then, for each
 * limited request, the columns whose values follow it.
 */
public final class RequestProgress {

    private final List<RecomputeRequest> requests;
    private final List<RecomputeRequest> limited;
    private final Map<RecomputeRequest, BitSet> columns = new HashMap<>();
    private final TableSchema schema;
    private final int size;
    private final Set<RecomputeRequest> unfinished = ConcurrentHashMap.newKeySet();
    private final Map<IndexKey, Set<RecomputeRequest>> chosen = new ConcurrentHashMap<>();

    /**
     * Makes the progress of a run.
     *
     * @param state the requests
     * @param schema the columns of the class, followed by others
     * @param size number of columns of the class
     */
    public RequestProgress(Recomputations state, TableSchema schema, int size) {
        this.requests = state.requests();
        this.limited = state.limited();
        this.schema = schema;
        this.size = size;
        for (RecomputeRequest request : requests) {
            columns.put(request, numbers(request.columns()));
        }
    }

    /** Makes the progress of a run without requests. */
    public static RequestProgress none(TableSchema schema) {
        return new RequestProgress(Recomputations.NONE, schema, schema.columns().size());
    }

    private BitSet numbers(Set<String> names) {
        BitSet numbers = new BitSet();
        for (int i = 0; i < size; i++) {
            numbers.set(i, names.contains(schema.columns().get(i).name()));
        }
        return numbers;
    }

    /** Adds the bits of the limited requests to the valid columns of a part, by the generations of its columns. */
    public void addFresh(BitSet valid, IntUnaryOperator generation) {
        for (int i = 0; i < limited.size(); i++) {
            RecomputeRequest request = limited.get(i);
            int first = (i + 1) * size;
            columns(request).stream()
                    .filter(column -> valid.get(column) && generation.applyAsInt(column) >= request.generation())
                    .forEach(column -> valid.set(first + column));
        }
    }

    private BitSet columns(RecomputeRequest request) {
        return columns.getOrDefault(request, new BitSet());
    }

    /**
     * Clears the columns of a listed row that a limited request computes again.
     *
     * @param key the key of the row
     * @param stored the bits of the row; changed
     * @param index makes the text of the index
     * @param number number of the row in {@code index()}
     */
    public void choose(IndexKey key, BitSet stored, Supplier<String> index, long number) {
        for (RecomputeRequest request : limited) {
            if (request.contains(index.get(), number) && !old(request, stored).isEmpty()) {
                chosen.computeIfAbsent(key, newKey -> ConcurrentHashMap.newKeySet())
                        .add(request);
            }
        }
        clearChosen(key, stored);
    }

    /** Clears the columns of a row that {@link #choose} cleared. */
    public void clearChosen(IndexKey key, BitSet stored) {
        if (!chosen.isEmpty()) {
            chosen.getOrDefault(key, Set.of()).forEach(request -> stored.andNot(old(request, stored)));
        }
    }

    private BitSet old(RecomputeRequest request, BitSet stored) {
        int first = (limited.indexOf(request) + 1) * size;
        BitSet old = (BitSet) columns(request).clone();
        old.andNot(stored.get(first, first + size));
        return old;
    }

    /** Notes that a row with these columns is not computed in this run. */
    public void notPlanned(IndexKey key, BitSet stored) {
        for (RecomputeRequest request : requests) {
            if (isChosen(request, key)) {
                BitSet missing = (BitSet) columns(request).clone();
                missing.andNot(stored);
                if (!missing.isEmpty()) {
                    unfinished.add(request);
                }
            }
        }
    }

    /**
     * Notes that a row failed.
     *
     * @param key the key of the row
     * @param failedColumns names of the columns that it lacks; none: all
     */
    public void failed(IndexKey key, Set<String> failedColumns) {
        for (RecomputeRequest request : requests) {
            if (isChosen(request, key)
                    && (failedColumns.isEmpty() || failedColumns.stream().anyMatch(request.columns()::contains))) {
                unfinished.add(request);
            }
        }
    }

    private boolean isChosen(RecomputeRequest request, IndexKey key) {
        return request.limit().isNone() || chosen.getOrDefault(key, Set.of()).contains(request);
    }

    /**
     * Returns the requests that are finished after a run that planned and computed everything.
     *
     * @param planned how many rows of {@code index()} the run planned at most; empty: all
     */
    public List<RecomputeRequest> finished(OptionalLong planned) {
        List<RecomputeRequest> finished = new ArrayList<>();
        for (RecomputeRequest request : requests) {
            OptionalLong first = request.limit().first();
            boolean isCovered = planned.isEmpty() || (first.isPresent() && first.getAsLong() <= planned.getAsLong());
            if (isCovered && !unfinished.contains(request)) {
                finished.add(request);
            }
        }
        return finished;
    }
}
