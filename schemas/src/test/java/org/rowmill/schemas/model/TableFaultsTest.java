package org.rowmill.schemas.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rowmill.schemas.WrongInput;

/** All faults of table classes, which have the same messages at run time and at compile time. */
class TableFaultsTest {

    @TempDir
    private Path directory;

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void faultsAreReportedAtRunTimeAndAtCompileTime(String name, String index, String members, List<String> expected) {
        Sources sources = new Sources(directory).table("T", index, members);

        List<String> faults = faults(sources.load("T"));
        assertThat(faults).containsExactlyElementsOf(expected);
        assertThat(sources.process())
                .extracting(diagnostic -> diagnostic.getMessage(Locale.ROOT))
                .containsExactlyElementsOf(faults.stream()
                        .map(fault -> fault.replaceFirst("^T\\.java:\\d+: ", ""))
                        .toList());
    }

    static Stream<Arguments> faultsAreReportedAtRunTimeAndAtCompileTime() {
        return Stream.of(
                fault(
                        "cycle",
                        "String",
                        """
                        @Column int a(int b) { return 1; }
                        @Column int b(int c) { return 1; }
                        @Column int c(int b) { return 1; }
                        """,
                        "T.java:8: T.b: columns need each other in a cycle: b -> c -> b."
                                + " Remove one of these dependencies"),
                fault(
                        "column that needs itself",
                        "String",
                        "@Column int a(int a) { return 1; }",
                        "T.java:7: T.a: columns need each other in a cycle: a -> a."
                                + " Remove one of these dependencies"),
                fault(
                        "unknown parameter",
                        "Path",
                        """
                        @Column int lineCount(Path file) { return 1; }
                        @Column int twice(int linecuont) { return 1; }
                        @Column int thrice(boolean other) { return 1; }
                        """,
                        "T.java:8: T.twice, parameter \"int linecuont\": a column, the index (Path) or a RowContext was"
                                + " expected, and there is no column linecuont. Did you mean \"lineCount\"? There are:"
                                + " index, line_count, twice, thrice",
                        "T.java:9: T.thrice, parameter \"boolean other\": a column, the index (Path) or a RowContext"
                                + " was expected, and there is no column other. There are: index, line_count, twice,"
                                + " thrice"),
                fault(
                        "mistyped name of a column that has the type of the index",
                        "String",
                        """
                        @Column String title(String index) { return ""; }
                        @Column String upper(String titel) { return ""; }
                        """,
                        "T.java:8: T.upper, parameter \"String titel\": by its type it is the index, but its name is"
                                + " almost that of column title: rename it to \"title\" for the column, or to \"index\""
                                + " for the index"),
                fault(
                        "modifiers",
                        "String",
                        """
                        @Column private int a(String index) { return 1; }
                        @Column static int b(String index) { return 1; }
                        @Column void c(String index) {}
                        @Column <X> int d(String index) { return 1; }
                        """,
                        "T.java:7: T.a: a column method cannot be private: remove the modifier",
                        "T.java:8: T.b: a column method cannot be static: remove the modifier",
                        "T.java:9: T.c: a column method must return the column's value, not void: return it, or remove"
                                + " @Column",
                        "T.java:10: T.d: a column method cannot have type parameters: use concrete types"),
                fault(
                        "types that cannot be stored",
                        "String",
                        """
                        @Column Thread a() { return null; }
                        @Column List<? extends Number> b() { return null; }
                        @Column Map<Integer, String> c() { return null; }
                        @Column List<Part> d() { return null; }
                        record Part(char[] letters) {}
                        @Column Part e() { return null; }
                        """,
                        unstored(7, "a", "the type Thread"),
                        unstored(8, "b", "the type List<?>"),
                        unstored(9, "c", "the type Map<Integer, String>"),
                        unstored(10, "d", "the type List<Part>"),
                        unstored(12, "e", "component letters: the type char[]")),
                fault(
                        "types of parameters",
                        "Integer",
                        """
                        @Column Integer boxed(int index) { return 1; }
                        @Column long wide(Integer index) { return 1; }
                        @Column int a(int boxed) { return 1; }
                        @Column int b(int wide) { return 1; }
                        @Column int c(List<Integer> wide) { return 1; }
                        @Column double d(double wide, Number boxed, Object index) { return 1; }
                        """,
                        "T.java:9: T.a, parameter \"int boxed\": the column boxed is Integer and can be null, which int"
                                + " cannot hold: declare the parameter as Integer",
                        "T.java:10: T.b, parameter \"int wide\": the column wide is long, not int: declare the"
                                + " parameter as long",
                        "T.java:11: T.c, parameter \"List<Integer> wide\": the column wide is long, not List<Integer>:"
                                + " declare the parameter as long"),
                fault(
                        "components of an optional record can be null",
                        "String",
                        """
                        public record Size(int width) {}
                        @Column Optional<Size> size(String index) { return null; }
                        @Column int twice(int width) { return 1; }
                        """,
                        "T.java:9: T.twice, parameter \"int width\": the column width is Integer and can be null, which"
                                + " int cannot hold: declare the parameter as Integer"),
                fault(
                        "two columns with the same name",
                        "String",
                        """
                        @Column int lineCount() { return 1; }
                        @Column(name = "line_count") int other() { return 1; }
                        @Column(name = "index") int third() { return 1; }
                        """,
                        "T.java:8: T.other: column line_count is already made by T.lineCount: rename one, or give it"
                                + " another @Column(name = ...)",
                        "T.java:9: T.third: column index is already a column of the index: rename it"),
                fault(
                        "bad annotations",
                        "String",
                        """
                        @Column(name = "LineCount") int a() { return 1; }
                        @Column(name = "1st") int b() { return 1; }
                        @Column(version = 0) int c() { return 1; }
                        record Size(int width) {}
                        @Column(name = "size") Size d() { return null; }
                        @Column(timeout = "soon") int e() { return 1; }
                        """,
                        "T.java:7: T.a: @Column(name = \"LineCount\"): a name of lower-case letters, digits and"
                                + " underscores that starts with a letter was expected, such as \"line_count\"",
                        "T.java:8: T.b: @Column(name = \"1st\"): a name of lower-case letters, digits and underscores"
                                + " that starts with a letter was expected",
                        "T.java:9: T.c: @Column(version = 0): a version from 1 to 1000000 was expected",
                        "T.java:11: T.d: @Column(name = \"size\") is for a single value; the components of Size name"
                                + " the columns: remove the name",
                        "T.java:12: T.e: @Column(timeout = \"soon\"): a time such as 15s, 500ms, 2m or 1h was"
                                + " expected"),
                fault(
                        "constructor",
                        "String",
                        """
                        public T(int x) {}
                        @Column int a() { return 1; }
                        """,
                        "T.java:7: table T: a public constructor without parameters was expected: add public T() {}"),
                fault(
                        "no column",
                        "String",
                        "",
                        "T.java:6: table T: the class has no column: annotate a method with @Column"),
                fault(
                        "index types",
                        "Double",
                        "@Column int a(Double index) { return 1; }",
                        "T.java:6: table T: the type Double of its index cannot be an index; expected: "
                                + Conversions.INDEX_TYPES),
                fault(
                        "record index",
                        "T.Case",
                        """
                        public record Case(double x, String name) {}
                        @Column int name(double x) { return 1; }
                        @Column int b(int name) { return 1; }
                        """,
                        "T.java:6: table T: the type double of component x of its index cannot be an index; expected: "
                                + Conversions.INDEX_TYPES,
                        "T.java:8: T.name: column name is already a column of the index: rename it"));
    }

    @Test
    void classesThatCannotBeInstantiatedAreRejected() {
        Sources sources = new Sources(directory).file("Outer", """
            public class Outer {
                public class Inner extends Table<String> {
                    public Stream<String> index() { return null; }
                    @Column int a() { return 1; }
                }
                static class Hidden extends Table<String> {
                    public Stream<String> index() { return null; }
                    @Column int a() { return 1; }
                }
                public static class Open<I> extends Table<I> {
                    public Stream<I> index() { return null; }
                    @Column int a() { return 1; }
                }
                @SuppressWarnings("rawtypes")
                public static class Raw extends Table {
                    public Stream index() { return null; }
                    @Column int a() { return 1; }
                }
                public abstract static class Abstract extends Table<String> {
                    @Column int a() { return 1; }
                }
                @IndexName("Wrong Name")
                public static class Named extends Table<String> {
                    public Stream<String> index() { return null; }
                    @Column int a() { return 1; }
                }
            }
            """);

        String open = ": the type of its index is not known: extend Table<I> with one of " + Conversions.INDEX_TYPES;
        List<String> atRunTime = List.of(
                "table Inner: a top-level or static nested class was expected, not an inner one: declare it static",
                "table Hidden: a public class was expected: declare it public",
                "table Open" + open,
                "table Raw" + open,
                "table Abstract: a class that is not abstract was expected: implement it, or" + " name a subclass",
                "table Named: @IndexName(\"Wrong Name\"): a name of lower-case letters, digits and underscores that"
                        + " starts with a letter was expected, such as \"wrong_name\"");
        Class<?> outer = sources.load("Outer");
        assertThat(Stream.of("Inner", "Hidden", "Open", "Raw", "Abstract", "Named")
                        .flatMap(name -> faults(nested(outer, name)).stream())
                        .map(fault -> fault.replaceFirst("^Outer\\.java:\\d+: ", "")))
                .containsExactlyElementsOf(atRunTime);
        assertThat(sources.process())
                .extracting(diagnostic -> diagnostic.getMessage(Locale.ROOT))
                .containsExactlyElementsOf(atRunTime.stream()
                        .filter(fault -> !fault.startsWith("table Abstract"))
                        .toList());
    }

    @Test
    void theProcessorReportsAllFaultsAtTheirLines() {
        Sources sources = new Sources(directory).table("T", "String", """
            @Column
            int a(
                    String index,
                    int nothing) {
                return 1;
            }
            @Column private int b() { return 1; }
            """);

        assertThat(sources.process()).extracting(Diagnostic::getLineNumber).containsExactlyInAnyOrder(10L, 13L);
    }

    @Test
    void faultsOfALibraryAreReportedAtTheClassThatInheritsThem() {
        new Sources(directory).file("Base", """
            public abstract class Base<V> extends Table<String> {
                public Stream<String> index() { return null; }
                @Column V a() { return null; }
            }
            """).load("Base");
        Sources sources = new Sources(directory).file("T", "public class T extends Base<Thread> {}");

        assertThat(faults(sources.load("T")))
                .singleElement()
                .asString()
                .startsWith("Base.java:8: Base.a: the type Thread");
        assertThat(sources.process()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.getLineNumber()).isEqualTo(6);
            assertThat(diagnostic.getMessage(Locale.ROOT)).startsWith("Base.a: the type Thread");
        });
    }

    @Test
    void aClassWithoutParameterNamesSaysHowToCompileIt() {
        Sources sources = new Sources(directory).table("T", "String", "@Column int a(String index) { return 1; }");

        assertThat(faults(sources.load("T", "-g:none")))
                .containsExactly("T.java: T.a: the names of its parameters are not in the class file: compile with"
                        + " -parameters (Maven: maven.compiler.parameters = true; Gradle: options.compilerArgs +="
                        + " '-parameters')");
    }

    @Test
    void theProcessorReportsNothingForCorrectTablesAndForErrorsOfTheCompiler() {
        Sources sources = new Sources(directory)
                .table("T", "String", "@Column Map<String, List<int[]>> a(String index) { return null; }")
                .table("U", "String", "@Column Unknown a(Unknown other) { return null; }");

        assertThat(sources.process())
                .extracting(diagnostic -> diagnostic.getMessage(Locale.ROOT))
                .allMatch(message -> message.contains("cannot find symbol"));
    }

    @Test
    void aMissingLibraryIsNamed() throws IOException {
        Sources sources = new Sources(directory)
                .file("Library", "public class Library {}")
                .table("T", "String", "@Column int a(String index) { return 1; } Library b() { return null; }");
        Class<?> table = sources.load("T");
        Files.delete(directory.resolve("Library.class"));

        assertThat(faults(table))
                .containsExactly("table T: cannot load a class that it needs: Library. Put its jar into lib/");
    }

    @Test
    void aClassThatIsNoTableHasOneFault() {
        Sources sources = new Sources(directory).file("Plain", "public class Plain {}");

        assertThat(faults(sources.load("Plain")))
                .containsExactly("Plain.java:6: table Plain: a subclass of org.rowmill.table.Table was expected: let"
                        + " it extend Table<I>");
    }

    private static Class<?> nested(Class<?> outer, String name) {
        return Stream.of(outer.getDeclaredClasses())
                .filter(type -> type.getSimpleName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> faults(Class<?> table) {
        return catchThrowableOfType(WrongInput.class, () -> TableModel.of(table))
                .faults();
    }

    private static Arguments fault(String name, String index, String members, String... expected) {
        return Arguments.of(name, index, members, List.of(expected));
    }

    private static String unstored(int line, String method, String what) {
        return "T.java:" + line + ": T." + method + ": " + what + " cannot be stored; expected: "
                + Conversions.COLUMN_TYPES;
    }
}
