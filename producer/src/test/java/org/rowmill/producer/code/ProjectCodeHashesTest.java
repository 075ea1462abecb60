package org.rowmill.producer.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.producer.Projects;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.producer.project.Project;
import org.rowmill.producer.rundir.RunId;
import org.rowmill.schemas.model.CodeHash;
import org.rowmill.schemas.model.TableSchema;

/** The hash of what a column can reach: what must change it, and what must not. */
class ProjectCodeHashesTest {

    private static final String INDEX = "@Override public Stream<Integer> index() { return Stream.of(1, 2); }\n";

    @TempDir
    private Path root;

    @AfterEach
    void clearTheRoot() {
        System.clearProperty("rowmill.project");
    }

    private void table(String members) {
        Projects.table(root, "T", "Integer", INDEX + members);
    }

    private void helper(String source) {
        Projects.source(root, "Util", source);
    }

    private CodeHash hash() {
        return hash("value");
    }

    private CodeHash hash(String column) {
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        Console console = new Console(out, out, 1, false, Map.of());
        try (Project project = Project.load(root, List.of(), RunOptions.Code.DEFAULT, console)) {
            TableSchema schema = new ProjectCodeHashes(project, root.resolve("tables"))
                    .schema(project.tables().get(0));
            return schema.columns().get(schema.columnNumber(column)).code();
        }
    }

    /** What happens between two hashes. */
    private interface Edit {
        void run() throws IOException;
    }

    private void isNoticed(Edit edit) throws IOException {
        CodeHash before = hash();
        edit.run();
        assertThat(hash().differsFrom(before)).isTrue();
    }

    private void isIgnored(Edit edit) throws IOException {
        CodeHash before = hash();
        edit.run();
        CodeHash after = hash();
        assertThat(after.reachable()).isEqualTo(before.reachable());
        assertThat(after.differsFrom(before)).isFalse();
    }

    @Nested
    class Classes {

        @Test
        void aChangedHelperClassIsNoticed() throws IOException {
            table("@Column int value(int index) { return Util.f(index); }");
            helper("public class Util { static int f(int x) { return g(x); } static int g(int x) { return x; } }");
            isNoticed(() -> helper(
                    "public class Util { static int f(int x) { return g(x); } static int g(int x) { return -x; } }"));
        }

        @Test
        void commentsLinesNamesOfVariablesAndOtherMethodsAreIgnored() throws IOException {
            table("@Column int value(int index) { return Util.f(index); }");
            helper("public class Util { static int f(int x) { return g(x); } static int g(int x) { return x; } }");
            isIgnored(() -> helper("""
                    /** Helps. */
                    public class Util {
                        static long unrelated(long y) { return y * 7; }

                        static int g(int other) { return other; } // renamed and moved
                        static int f(int renamed) {
                            return g(renamed);
                        }
                    }
                    """));
        }

        @Test
        void otherColumnsAndUnrelatedClassesAreIgnored() throws IOException {
            table("@Column int value(int index) { return Stream.of(index).map(x -> x + 1).toList().get(0); }");
            isIgnored(() -> {
                table("@Column int before(int index) { return Stream.of(index).map(x -> x + 5).toList().get(0); }"
                        + "@Column int value(int index) { return Stream.of(index).map(x -> x + 1).toList().get(0); }");
                helper("public class Util { static int f(int x) { return x; } }");
            });
        }

        @Test
        void aConstantOfAnotherClassIsNoticed() throws IOException {
            table("@Column int value(int index) { return index * Util.FACTOR; }");
            helper("public class Util { static final int FACTOR = 3; }");
            isNoticed(() -> helper("public class Util { static final int FACTOR = 4; }"));
        }

        @Test
        void aStaticFieldThatIsComputedIsNoticed() throws IOException {
            table("@Column int value(int index) { return Util.FACTORS.get(0); }");
            helper("import java.util.List; public class Util { static final List<Integer> FACTORS = List.of(3); }");
            isNoticed(() -> helper(
                    "import java.util.List; public class Util { static final List<Integer> FACTORS = List.of(4); }"));
        }

        @Test
        void aFieldOfTheTableIsNoticed() throws IOException {
            table("private final int[] weights = {1, 2};\n@Column int value(int index) { return weights[0]; }");
            isNoticed(() -> table(
                    "private final int[] weights = {1, 3};\n@Column int value(int index) { return weights[0]; }"));
        }

        @Test
        void fieldsThatAnotherColumnReadsAreIgnored() throws IOException {
            String column = "\n@Column int value(int index) { return NAMES.size() + weights[0]; }";
            String fields = "static final List<String> NAMES = List.of(\"a\"); private final int[] weights = {1};";
            table(fields + column);
            isIgnored(() -> table("static final java.util.regex.Pattern NEW = java.util.regex.Pattern.compile(\"x\");"
                    + "static int chosen = Math.random() > 2 ? 1 : 2;" + fields
                    + " private final Object other = new Object();" + column
                    + "@Column int another(int index) { return chosen + NEW.flags() + other.hashCode(); }"));
        }

        @Test
        void anAnonymousClassIsNoticedAndAnotherOneBeforeItIsIgnored() throws IOException {
            String column = "@Column int value(int index) { return new java.util.function.IntUnaryOperator() {"
                    + " @Override public int applyAsInt(int x) { return x + 1; } }.applyAsInt(index); }";
            table(column);
            isIgnored(() -> table("@Column String other(int index) { return new Object() {"
                    + " @Override public String toString() { return \"\"; } }.toString(); }\n" + column));
            isNoticed(() -> table(column.replace("x + 1", "x + 2")));
        }

        @Test
        void anOverridingMethodIsNoticed() throws IOException {
            table("@Column double value(int index) { Shape shape = new Circle(); return shape.area(index); }");
            Projects.source(root, "Shape", "public interface Shape { double area(int r); }");
            Projects.source(
                    root,
                    "Circle",
                    "public class Circle implements Shape {"
                            + " @Override public double area(int r) { return 3 * r; } }");
            isNoticed(() -> Projects.source(
                    root,
                    "Circle",
                    "public class Circle implements Shape {"
                            + " @Override public double area(int r) { return 3.14 * r; } }"));
        }

        @Test
        void aMethodThatTheJdkCallsIsNoticed() throws IOException {
            table("@Column int value(int index) { return Stream.of(1, 2).sorted(new Order()).findFirst().get(); }");
            String order = "public class Order implements java.util.Comparator<Integer> {"
                    + " @Override public int compare(Integer a, Integer b) { return a - b; } }";
            Projects.source(root, "Order", order);
            isNoticed(() -> Projects.source(root, "Order", order.replace("a - b", "b - a")));
        }

        @Test
        void enumsRecordsAndSwitchesAreNoticed() throws IOException {
            table("@Column String value(int index) { return switch (Kind.values()[index]) {"
                    + " case A -> new Pair(Kind.A.weight, 1).toString(); case B -> \"b\"; }; }");
            Projects.source(root, "Pair", "public record Pair(int a, int b) {}");
            String kind = "public enum Kind { A(1), B(2); final int weight; Kind(int w) { weight = w; } }";
            Projects.source(root, "Kind", kind);
            isNoticed(() -> Projects.source(root, "Kind", kind.replace("A(1)", "A(7)")));
            isNoticed(() -> Projects.source(root, "Pair", "public record Pair(int b, int a) {}"));
        }

        @Test
        void aSuperclassOfTheTableIsNoticed() throws IOException {
            String base = "public abstract class Base extends org.rowmill.table.Table<Integer> {"
                    + " protected final int step = 1; int next(int x) { return x + step; } }";
            Projects.source(root, "Base", base);
            Projects.source(
                    root,
                    "T",
                    "import java.util.stream.Stream; public class T extends Base {" + INDEX
                            + "@org.rowmill.table.Column int value(int index) { return next(index); } }");
            isNoticed(() -> Projects.source(root, "Base", base.replace("step = 1", "step = 2")));
            isNoticed(() -> Projects.source(root, "Base", base.replace("x + step", "x - step")));
        }

        @Test
        void aClassThatIsLoadedByNameOrByReflectionIsNoticed() throws IOException {
            table("@Column int value(int index) throws Exception {"
                    + " return (int) Class.forName(\"Util\").getMethod(\"f\").invoke(null); }");
            helper("public class Util { public static int f() { return 1; } }");
            isNoticed(() -> helper("public class Util { public static int f() { return 2; } }"));
        }

        @Test
        void aColumnThatItNeedsIsNoticed() throws IOException {
            String base = "@Column int base(int index) { return index; } @Column int value(int base) { return base; }";
            table(base);
            isNoticed(() -> table(base.replace("{ return index; }", "{ return index + 1; }")));
        }

        @Test
        void anotherArgumentIsNoticed() throws IOException {
            String columns = "@Column int a(int index) { return 1; } @Column int b(int index) { return 1; }";
            table(columns + "@Column int value(int a) { return a; }");
            isNoticed(() -> table(columns + "@Column int value(int b) { return b; }"));
        }
    }

    @Test
    void unchangedCodeIsNotWalkedAgainAndADamagedCacheIsIgnored() throws IOException {
        table("@Column int value(int index) { return Util.f(index); }");
        helper("public class Util { static int f(int x) { return \"\".length(); } }");
        isIgnored(() -> {
            try (Stream<Path> files = Files.list(root.resolve(".rowmill/classes"))) {
                List<Path> cached = files.filter(
                                file -> file.getFileName().toString().startsWith("reach-T-"))
                        .toList();
                assertThat(cached).hasSize(1);
                assertThat(hash().reachable()).hasSize(32);
                Files.write(cached.get(0), new byte[] {0, 0, 0, 9, 1});
            }
        });
    }

    @Nested
    class Libraries {

        private void library(String helper, String unrelated) throws IOException {
            Path sources = Files.createTempDirectory("library");
            Files.writeString(sources.resolve("Helper.java"), helper);
            Files.writeString(sources.resolve("Unrelated.java"), unrelated);
            ToolProvider.getSystemJavaCompiler()
                    .run(
                            null,
                            null,
                            null,
                            "-d",
                            sources.toString(),
                            sources.resolve("Helper.java").toString(),
                            sources.resolve("Unrelated.java").toString());
            Files.createDirectories(root.resolve("lib"));
            try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(root.resolve("lib/helper.jar")))) {
                for (String name : List.of("Helper", "Unrelated")) {
                    jar.putNextEntry(new ZipEntry("lib/" + name + ".class"));
                    jar.write(Files.readAllBytes(sources.resolve("lib/" + name + ".class")));
                }
            }
        }

        @Test
        void constantsOfALibraryNameNoFilesOfTheProject() throws IOException {
            Files.writeString(root.resolve("note.txt"), "1");
            table("@Column String value(int index) { return lib.Helper.f(index); }");
            library(
                    "package lib; public class Helper { public static String f(int x) { return \"note.txt\"; } }",
                    "package lib; public class Unrelated {}");
            assertThat(hash().files()).isEmpty();
        }

        @Test
        void aReachedClassOfALibraryIsNoticedAndOthersAreIgnored() throws IOException {
            String helper = "package lib; public class Helper { public static int f(int x) { return x; } }";
            String other = "package lib; public class Unrelated { public static int f(int x) { return x; } }";
            table("@Column int value(int index) { return lib.Helper.f(index); }");
            library(helper, other);
            isIgnored(() -> library("\n" + helper, other.replace("return x", "return -x")));
            isNoticed(() -> library(helper.replace("return x", "return -x"), other));
        }
    }

    @Nested
    class NamedByConstants {

        private void file(String name, String content) throws IOException {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        }

        private void changes(String name) throws IOException {
            file(name, "1");
            CodeHash before = hash();
            file(name, "2");
            assertThat(hash().changedFiles(before)).containsExactly(name);
            Files.delete(root.resolve(name));
            assertThat(hash().differsFrom(before)).isTrue();
        }

        @Test
        void aProgramThatARowStartsIsNoticed() throws IOException {
            table("@Column String value(int index, RowContext context) throws Exception {"
                    + " return context.run(new ProcessBuilder(\"./tools/solve\", \"-x\")).output(); }");
            changes("tools/solve");
        }

        @Test
        void aScriptInACommandLineIsNoticed() throws IOException {
            table("@Column String value(int index, RowContext context) throws Exception {"
                    + " return context.run(new ProcessBuilder(\"sh\", \"-c\", \"python3 tools/solve.py \" + index"
                    + " + \" >out\")).output(); }");
            changes("tools/solve.py");
        }

        @Test
        void aDataFileWhosePathHasSeveralConstantsIsNoticed() throws IOException {
            table("@Column String value(int index) throws Exception {"
                    + " return java.nio.file.Files.readString(java.nio.file.Path.of(\"models\", \"a\", \"m.bin\")); }");
            changes("models/a/m.bin");
        }

        @Test
        void aResourceIsNoticed() throws IOException {
            table("@Column int value(int index) throws Exception {"
                    + " return getClass().getResourceAsStream(\"/words.txt\").read(); }");
            changes("src/main/resources/words.txt");
        }

        @Test
        void filesThatAreNewOrEmptyOrResultsAreIgnored() throws IOException {
            table("@Column int value(int index) throws Exception { String[] names ="
                    + " {\"new.txt\", \"empty\", \"tables/T/x\", \"../outside\", \"/etc/passwd\", \"a\\0b\"};"
                    + " return names.length; }");
            isIgnored(() -> {
                file("new.txt", "1");
                file("empty", "");
                file("tables/T/x", "1");
            });
            CodeHash before = hash();
            assertThat(before.files()).containsOnlyKeys("new.txt");
        }

        @Test
        void dataFilesThatRowsOfAnEarlierRunWroteAreIgnored() throws IOException {
            table("@Column int value(int index) throws Exception {"
                    + " String[] names = {\"log.txt\", \"solve.py\"}; return names.length; }");
            Instant start = Instant.parse("2026-11-01T10:00:00Z");
            String run = RunId.next(Clock.fixed(start, java.time.ZoneOffset.UTC), new Random(1));
            file(".rowmill/logs/" + run + "/consumer.log", "done");
            file("log.txt", "written by a row");
            file("solve.py", "written by the user");
            FileTime during = FileTime.from(start.plusSeconds(3));
            for (String name : List.of("log.txt", "solve.py")) {
                Files.setLastModifiedTime(root.resolve(name), during);
            }
            Files.setLastModifiedTime(root.resolve(".rowmill/logs/" + run + "/consumer.log"), during);
            Files.setLastModifiedTime(root.resolve(".rowmill/logs/" + run), during);

            assertThat(hash().files()).containsOnlyKeys("solve.py");
        }

        @Test
        void aFileThatANeededColumnReadsIsNoticed() throws IOException {
            table("@Column String base(int index) throws Exception {"
                    + " return java.nio.file.Files.readString(java.nio.file.Path.of(\"m.bin\")); }"
                    + "@Column int value(String base) { return base.length(); }");
            changes("m.bin");
        }
    }
}
