package org.rowmill.schemas.model;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.rowmill.schemas.Names;
import org.rowmill.schemas.model.TableLayout.Part;
import org.rowmill.schemas.model.TableLayout.Source;
import org.rowmill.schemas.model.TableLayout.ValueColumn;
import org.rowmill.schemas.model.shape.TableShape;
import org.rowmill.schemas.model.shape.TypeShape;

/**
 * Finds where the arguments of column methods come from. The first rule that fits applies: the context by its type; a
 * column by its name, if its type fits; the index by its type; a part of the index by its name.
 */
final class ParameterCheck {

    private static final String CONTEXT = "org.rowmill.table.RowContext";

    /** Minimum length of a name that can count as mistyped. Shorter words differ in one letter too often. */
    private static final int WORD = 4;

    private final TableShape table;
    private final List<Part> index;
    private final List<ValueColumn> columns;
    private final List<Fault> faults;

    ParameterCheck(TableShape table, List<Part> index, List<ValueColumn> columns, List<Fault> faults) {
        this.table = table;
        this.index = index;
        this.columns = columns;
        this.faults = faults;
    }

    /** Returns the source of each parameter of a method. */
    List<Source> sources(TableShape.Method method, int number) {
        if (!method.traits().namesKnown()
                && method.parameters().stream().anyMatch(p -> !p.type().is(CONTEXT))) {
            faults.add(new Fault(
                    method.place(),
                    method.origin(),
                    method.title()
                            + ": the names of its parameters are not in the class file: compile with"
                            + " -parameters (Maven: maven.compiler.parameters = true; Gradle:"
                            + " options.compilerArgs += '-parameters')"));
            return List.of();
        }
        List<Source> sources = new ArrayList<>();
        method.parameters().forEach(parameter -> sources.add(source(method, number, parameter)));
        return sources;
    }

    private Source source(TableShape.Method method, int number, TableShape.Parameter parameter) {
        TypeShape type = parameter.type();
        if (type.isBroken()) {
            return new Source.None();
        }
        if (type.is(CONTEXT)) {
            return new Source.Context();
        }
        String name = Names.snake(parameter.name());
        int column = columnNumber(name);
        boolean isOwn = column >= 0 && columns.get(column).method() == number;
        boolean isIndex = type.sameBoxed(table.index());
        if (column >= 0 && !(isOwn && isIndex)) {
            ValueColumn found = columns.get(column);
            if (type.accepts(found.type())) {
                return new Source.Value(column);
            }
            // The parameter int count, with a column count of type long and an Integer index, rarely means the index.
            if (!isIndex || (type.isNumber() && found.type().isNumber())) {
                return mismatch(method, parameter, "column " + name, found.type());
            }
        }
        if (isIndex) {
            return wholeIndex(method, number, parameter, name);
        }
        return part(method, parameter, name);
    }

    /** Returns the index, unless the name of the parameter looks like a mistyped column that also fits. */
    private Source wholeIndex(TableShape.Method method, int number, TableShape.Parameter parameter, String name) {
        Optional<ValueColumn> meant = columns.stream()
                .filter(column -> column.method() != number && parameter.type().accepts(column.type()))
                .filter(column -> looksMistyped(name, column.name()))
                .findFirst();
        if (meant.isEmpty() || partNumber(name) >= 0) {
            return new Source.WholeIndex();
        }
        return fault(
                method,
                parameter,
                "by its type it is the index, but its name is almost that of column "
                        + meant.get().name() + ": rename it to \"" + meant.get().name() + "\" for the column, or to \""
                        + index.get(0).name() + "\" for the index");
    }

    private static boolean looksMistyped(String name, String column) {
        return name.length() >= WORD
                && !name.equals(column)
                && !name.equals(column + "s")
                && !column.equals(name + "s")
                && Names.distance(name, column) == 1;
    }

    private Source part(TableShape.Method method, TableShape.Parameter parameter, String name) {
        int number = partNumber(name);
        if (number < 0) {
            return unknown(method, parameter, name);
        }
        TypeShape type = index.get(number).type();
        // An index is never null, so it can be unboxed and widened.
        TypeShape unboxed = type.unboxedName().equals(type.name())
                ? type
                : new TypeShape(TypeShape.Kind.PRIMITIVE, type.unboxedName(), List.of(), null);
        if (!parameter.type().accepts(unboxed)) {
            return mismatch(method, parameter, "part of the index " + name, type);
        }
        return table.index().kind() == TypeShape.Kind.RECORD ? new Source.IndexPart(number) : new Source.WholeIndex();
    }

    private Source mismatch(TableShape.Method method, TableShape.Parameter parameter, String what, TypeShape type) {
        TypeShape asked = parameter.type();
        if (asked.isPrimitive() && !type.isPrimitive() && type.isNumber() == asked.isNumber() && isBox(type)) {
            return fault(
                    method,
                    parameter,
                    "the " + what + " is " + type.text() + " and can be null, which " + asked.text()
                            + " cannot hold: declare the parameter as " + type.text());
        }
        return fault(
                method,
                parameter,
                "the " + what + " is " + type.text() + ", not " + asked.text() + ": declare the parameter as "
                        + type.text());
    }

    private static boolean isBox(TypeShape type) {
        return !type.unboxedName().equals(type.name());
    }

    private Source unknown(TableShape.Method method, TableShape.Parameter parameter, String name) {
        Set<String> known = new LinkedHashSet<>();
        index.forEach(part -> known.add(part.name()));
        columns.forEach(column -> known.add(column.name()));
        String meant = Names.nearest(name, known)
                .map(nearest -> ". Did you mean \"" + Names.camel(nearest) + "\"?")
                .orElse(".");
        return fault(
                method,
                parameter,
                "a column, the index (" + table.index().text()
                        + ") or a RowContext was expected, and there is no column " + name + meant + " There are: "
                        + String.join(", ", known));
    }

    private Source fault(TableShape.Method method, TableShape.Parameter parameter, String message) {
        String where = method.title() + ", parameter \"" + parameter.type().text() + " " + parameter.name() + "\": ";
        faults.add(new Fault(method.place(), parameter.origin(), where + message));
        return new Source.None();
    }

    private int columnNumber(String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private int partNumber(String name) {
        for (int i = 0; i < index.size(); i++) {
            if (index.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }
}
