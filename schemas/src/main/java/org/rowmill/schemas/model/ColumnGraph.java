package org.rowmill.schemas.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.rowmill.schemas.model.TableLayout.Part;
import org.rowmill.schemas.model.TableLayout.Source;
import org.rowmill.schemas.model.TableLayout.ValueColumn;
import org.rowmill.schemas.model.shape.TableShape;

/** Orders column methods so that each one comes after those that it needs, and reports cycles. */
final class ColumnGraph {

    private final List<TableShape.Method> methods;
    private final List<ValueColumn> columns;
    private final List<List<Source>> sources;
    private final List<Fault> faults;
    private final Set<Integer> done = new HashSet<>();
    private final List<Integer> order = new ArrayList<>();

    ColumnGraph(
            List<TableShape.Method> methods,
            List<ValueColumn> columns,
            List<List<Source>> sources,
            List<Fault> faults) {
        this.methods = methods;
        this.columns = columns;
        this.sources = sources;
        this.faults = faults;
    }

    TableLayout layout(List<Part> index) {
        for (int method = 0; method < methods.size(); method++) {
            visit(method, methods.get(method).name(), new LinkedHashMap<>());
        }
        return new TableLayout(
                index, columns, order.stream().map(this::function).toList());
    }

    /**
     * Visits methods depth first; {@code path} contains those in progress, each with the column that is needed of it.
     */
    private void visit(int method, String wanted, Map<Integer, String> path) {
        if (path.containsKey(method)) {
            reportCycle(method, wanted, path);
            return;
        }
        if (done.contains(method)) {
            return;
        }
        path.put(method, wanted);
        for (int column : needs(method)) {
            visit(columns.get(column).method(), columns.get(column).name(), path);
        }
        path.remove(method);
        done.add(method);
        order.add(method);
    }

    private void reportCycle(int method, String wanted, Map<Integer, String> path) {
        List<Integer> inProgress = new ArrayList<>(path.keySet());
        List<String> names = new ArrayList<>();
        names.add(wanted);
        inProgress
                .subList(inProgress.indexOf(method) + 1, inProgress.size())
                .forEach(next -> names.add(path.get(next)));
        names.add(wanted);
        TableShape.Method at = methods.get(method);
        faults.add(new Fault(
                at.place(),
                at.origin(),
                at.title() + ": columns need each other in a cycle: " + String.join(" -> ", names)
                        + ". Remove one of these dependencies"));
    }

    private List<Integer> needs(int method) {
        return sources.get(method).stream()
                .filter(Source.Value.class::isInstance)
                .map(source -> ((Source.Value) source).column())
                .distinct()
                .toList();
    }

    private TableLayout.Function function(int method) {
        List<Integer> makes = IntStream.range(0, columns.size())
                .filter(column -> columns.get(column).method() == method)
                .boxed()
                .toList();
        return new TableLayout.Function(methods.get(method), makes, sources.get(method), version(method));
    }

    /**
     * Returns its own version plus the increases over 1 of all methods that it needs, directly or not, each counted
     * once.
     */
    private int version(int method) {
        Set<Integer> needed = new HashSet<>();
        collect(method, needed);
        return 1 + needed.stream().mapToInt(each -> ownVersion(each) - 1).sum();
    }

    private void collect(int method, Set<Integer> needed) {
        if (needed.add(method)) {
            needs(method).forEach(column -> collect(columns.get(column).method(), needed));
        }
    }

    private int ownVersion(int method) {
        return methods.get(method).mark().orElseThrow().version();
    }
}
