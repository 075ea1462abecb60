package org.rowmill.store.recompute;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.rowmill.store.parts.Generations;
import org.rowmill.store.parts.StoreOptions;

/**
 * Which generation the values of a column must have. Each request to compute columns again begins a generation.
 *
 * @param last number of the last request
 * @param required for each column, the generation that all rows must have; 0 if it is not named
 * @param requests requests that are not finished, oldest first
 */
public record Recomputations(int last, Map<String, Integer> required, List<RecomputeRequest> requests)
        implements Generations {

    /** No column was ever requested again. */
    public static final Recomputations NONE = new Recomputations(0, Map.of(), List.of());

    public Recomputations {
        required = Map.copyOf(required);
        requests = List.copyOf(requests);
    }

    @Override
    public int required(String column) {
        return required.getOrDefault(column, 0);
    }

    @Override
    public int current(String column) {
        int current = required(column);
        for (RecomputeRequest request : requests) {
            if (request.columns().contains(column)) {
                current = Math.max(current, request.generation());
            }
        }
        return current;
    }

    /** Returns the columns of which all rows are requested and not finished. */
    public Set<String> requestedOfAllRows() {
        Set<String> columns = new TreeSet<>();
        requests.stream()
                .filter(request -> request.limit().isNone())
                .forEach(request -> columns.addAll(request.columns()));
        return columns;
    }

    /** Returns the requests that are limited to some rows. */
    public List<RecomputeRequest> limited() {
        return requests.stream().filter(request -> !request.limit().isNone()).toList();
    }

    /** Adds a request. A request for all rows replaces older ones for the same columns. */
    public Recomputations with(StoreOptions options, Instant now) {
        if (options.recompute().isEmpty()) {
            return this;
        }
        RecomputeRequest added =
                new RecomputeRequest(last + 1, options.recompute(), options.limit(), options.run(), now);
        Map<String, Integer> all = new HashMap<>(required);
        List<RecomputeRequest> open = new ArrayList<>();
        if (added.limit().isNone()) {
            added.columns().forEach(column -> all.put(column, added.generation()));
            requests.forEach(request -> without(request, added.columns(), open));
        } else {
            open.addAll(requests);
        }
        open.add(added);
        return new Recomputations(added.generation(), all, open);
    }

    private static void without(RecomputeRequest request, Set<String> columns, List<RecomputeRequest> open) {
        Set<String> left = new HashSet<>(request.columns());
        left.removeAll(columns);
        if (!left.isEmpty()) {
            open.add(new RecomputeRequest(request.generation(), left, request.limit(), request.run(), request.since()));
        }
    }

    /** Removes requests that are finished. */
    public Recomputations without(List<RecomputeRequest> finished) {
        return new Recomputations(
                last,
                required,
                requests.stream().filter(request -> !finished.contains(request)).toList());
    }
}
