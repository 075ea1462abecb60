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

/** Which column method needs which: puts them in order, or tells the circles. */
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

    /** Depth first; {@code path} holds the methods on the way, each with the column that is wanted of it. */
    private void visit(int method, String wanted, Map<Integer, String> path) {
        if (path.containsKey(method)) {
            circle(method, wanted, path);
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

    private void circle(int method, String wanted, Map<Integer, String> path) {
        List<Integer> onTheWay = new ArrayList<>(path.keySet());
        List<String> names = new ArrayList<>();
        names.add(wanted);
        onTheWay.subList(onTheWay.indexOf(method) + 1, onTheWay.size()).forEach(next -> names.add(path.get(next)));
        names.add(wanted);
        TableShape.Method at = methods.get(method);
        faults.add(new Fault(
                at.place(),
                at.origin(),
                at.title() + ": columns need one another in a circle: " + String.join(" -> ", names)
                        + ". Let one of them do without the next"));
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

    /** Its own version, and what those of all methods behind it exceed 1, each counted once. */
    private int version(int method) {
        Set<Integer> behind = new HashSet<>();
        collect(method, behind);
        return 1 + behind.stream().mapToInt(each -> ownVersion(each) - 1).sum();
    }

    private void collect(int method, Set<Integer> behind) {
        if (behind.add(method)) {
            needs(method).forEach(column -> collect(columns.get(column).method(), behind));
        }
    }

    private int ownVersion(int method) {
        return methods.get(method).mark().orElseThrow().version();
    }
}
