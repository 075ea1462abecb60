package org.rowmill.schemas.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rowmill.schemas.Names;
import org.rowmill.schemas.Times;
import org.rowmill.schemas.model.TableLayout.Part;
import org.rowmill.schemas.model.TableLayout.Source;
import org.rowmill.schemas.model.TableLayout.ValueColumn;
import org.rowmill.schemas.model.shape.TableShape;
import org.rowmill.schemas.model.shape.TypeShape;

/**
 * Finds all faults of a table class. {@link TableModel} and {@link ColumnProcessor} use it, so both apply the same
 * rules.
 */
final class TableCheck {

    private static final int HIGHEST_VERSION = 1_000_000;

    private final TableShape table;
    private final List<TableShape.Method> methods;
    private final List<Fault> faults = new ArrayList<>();
    private final List<Part> index = new ArrayList<>();
    private final List<ValueColumn> columns = new ArrayList<>();

    TableCheck(TableShape table) {
        this.table = table;
        this.methods = table.columnMethods();
    }

    /** Checks the class and returns its layout, which is usable only if there are no {@link #faults()}. */
    TableLayout layout() {
        checkClass();
        if (table.traits().isTable()) {
            checkIndex();
        }
        for (int number = 0; number < methods.size(); number++) {
            checkMethod(methods.get(number), number);
        }
        ParameterCheck parameters = new ParameterCheck(table, index, columns, faults);
        List<List<Source>> sources = new ArrayList<>();
        for (int number = 0; number < methods.size(); number++) {
            sources.add(parameters.sources(methods.get(number), number));
        }
        return new ColumnGraph(methods, columns, sources, faults).layout(index);
    }

    List<Fault> faults() {
        return faults;
    }

    private void checkClass() {
        TableShape.Traits traits = table.traits();
        if (!traits.isTable()) {
            fault("a subclass of org.rowmill.table.Table was expected: let it extend Table<I>");
            return;
        }
        if (!traits.isPublic()) {
            fault("a public class was expected: declare it public");
        }
        if (traits.isAbstract()) {
            fault("a class that is not abstract was expected: implement it, or name a subclass");
        }
        if (traits.isInner()) {
            fault("a top-level or static nested class was expected, not an inner one: declare it static");
        } else if (traits.isPublic() && !traits.hasConstructor()) {
            fault("a public constructor without parameters was expected: add public " + table.name() + "() {}");
        }
        if (methods.isEmpty()) {
            fault("the class has no column: annotate a method with @Column");
        }
    }

    private void checkIndex() {
        TypeShape type = table.index();
        boolean isRecord = type.kind() == TypeShape.Kind.RECORD;
        if (type.kind() == TypeShape.Kind.VARIABLE) {
            fault("the type of its index is not known: extend Table<I> with one of " + Conversions.INDEX_TYPES);
        } else if (isRecord) {
            table.indexComponents()
                    .forEach(component -> checkPart(
                            Names.snake(component.name()),
                            component.type(),
                            "component " + component.name() + " of its index"));
            if (index.isEmpty()) {
                fault("its index " + type.text() + " has no components: at least one was expected");
            }
        } else {
            checkPart(table.indexName().orElse("index"), type, "its index");
        }
        table.indexName().ifPresent(name -> checkIndexName(name, isRecord));
    }

    private void checkIndexName(String name, boolean isRecord) {
        if (isRecord) {
            fault("@IndexName(\"" + name + "\") is for an index of a single value; the components of "
                    + table.index().text() + " name the columns: remove it");
        } else if (!Names.isColumn(name)) {
            fault("@IndexName(\"" + name + "\"): " + nameExpected(name));
        }
    }

    private void checkPart(String name, TypeShape type, String what) {
        if (!type.isBroken() && Conversions.ofIndex(type).isEmpty()) {
            fault("the type " + type.text() + " of " + what + " cannot be an index; expected: "
                    + Conversions.INDEX_TYPES);
        }
        if (index.stream().anyMatch(part -> part.name().equals(name))) {
            fault("two components of its index are column " + name + ": rename one");
        }
        index.add(new Part(name, type));
    }

    private void checkMethod(TableShape.Method method, int number) {
        TableShape.MethodTraits traits = method.traits();
        if (traits.isPrivate()) {
            fault(method, "a column method cannot be private: remove the modifier");
        }
        if (traits.isStatic()) {
            fault(method, "a column method cannot be static: remove the modifier");
        }
        if (traits.isGeneric()) {
            fault(method, "a column method cannot have type parameters: use concrete types");
        }
        int version = mark(method).version();
        if (version < 1 || version > HIGHEST_VERSION) {
            fault(
                    method,
                    "@Column(version = " + version + "): a version from 1 to " + HIGHEST_VERSION + " was expected");
        }
        String timeout = mark(method).timeout();
        if (!timeout.isBlank() && Times.parse(timeout).isEmpty()) {
            fault(method, "@Column(timeout = \"" + timeout + "\"): " + Times.EXPECTED + " was expected");
        }
        makeColumns(method, number);
    }

    private void makeColumns(TableShape.Method method, int number) {
        TypeShape returns = method.returns();
        if (returns.kind() == TypeShape.Kind.VOID) {
            fault(method, "a column method must return the column's value, not void: return it, or remove @Column");
        } else if (returns.kind() == TypeShape.Kind.RECORD || returns.isOptionalRecord()) {
            spread(method, number);
        } else {
            String written = mark(method).name();
            addColumn(method, number, written.isBlank() ? Names.snake(method.name()) : written, returns, "");
        }
    }

    private void spread(TableShape.Method method, int number) {
        String written = mark(method).name();
        if (!written.isBlank()) {
            fault(
                    method,
                    "@Column(name = \"" + written + "\") is for a single value; the components of "
                            + method.returns().text() + " name the columns: remove the name");
        }
        if (method.components().isEmpty()) {
            fault(method, "the record " + method.returns().text() + " has no components: at least one was expected");
        }
        for (TableShape.Component component : method.components()) {
            // If the Optional is empty, every component is null, also a primitive one.
            TypeShape type =
                    method.returns().isOptionalRecord() ? component.type().boxed() : component.type();
            addColumn(method, number, Names.snake(component.name()), type, "component " + component.name() + ": ");
        }
    }

    private void addColumn(TableShape.Method method, int number, String name, TypeShape type, String what) {
        if (!type.isBroken() && Conversions.of(type).isEmpty()) {
            fault(
                    method,
                    what + "the type " + type.text() + " cannot be stored; expected: " + Conversions.COLUMN_TYPES);
        }
        if (!Names.isColumn(name)) {
            fault(method, what + "@Column(name = \"" + name + "\"): " + nameExpected(name));
        }
        if (index.stream().anyMatch(part -> part.name().equals(name))) {
            fault(method, what + "column " + name + " is already a column of the index: rename it");
        }
        Optional<ValueColumn> same =
                columns.stream().filter(column -> column.name().equals(name)).findFirst();
        if (same.isPresent()) {
            TableShape.Method other = methods.get(same.get().method());
            fault(
                    method,
                    what + "column " + name + " is already made by " + other.title()
                            + ": rename one, or give it another @Column(name = ...)");
        } else {
            columns.add(new ValueColumn(name, type, number));
        }
    }

    private static String nameExpected(String name) {
        String proposal = Names.snake(name).replaceAll("[^\\p{Ll}\\p{Lo}\\p{N}_]+", "_");
        return "a name of lower-case letters, digits and underscores that starts with a letter was expected"
                + (Names.isColumn(proposal) ? ", such as \"" + proposal + "\"" : "");
    }

    private static TableShape.Mark mark(TableShape.Method method) {
        return method.mark().orElseThrow();
    }

    private void fault(String message) {
        faults.add(new Fault(table.place(), table.origin(), "table " + table.name() + ": " + message));
    }

    private void fault(TableShape.Method method, String message) {
        faults.add(new Fault(method.place(), method.origin(), method.title() + ": " + message));
    }
}
