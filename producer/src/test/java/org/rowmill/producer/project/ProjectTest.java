package org.rowmill.producer.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.producer.Projects;
import org.rowmill.producer.console.Console;
import org.rowmill.schemas.WrongInput;

class ProjectTest {

    private static final String NUMBERS = """
            @Override public Stream<Integer> index() { return Stream.of(1, 2); }
            @Column int twice(int index) { return 2 * index; }
            """;

    @TempDir
    private Path root;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8);
    private final Console console = new Console(out, out, 1, false, Map.of());

    @AfterEach
    void clearTheRoot() {
        System.clearProperty("rowmill.project");
    }

    private List<String> load(String... names) {
        try (Project project = Project.load(root, List.of(names), console)) {
            return project.tables().stream()
                    .map(model -> model.tableClass().getName())
                    .toList();
        }
    }

    private Project loaded() {
        return Project.load(root, List.of(), console);
    }

    private List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(".rowmill/classes"))) {
            return files.sorted().toList();
        }
    }

    private void rejected(String... messages) {
        assertThatThrownBy(this::load)
                .isInstanceOf(WrongInput.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(messages));
    }

    @Test
    void tablesAreFoundInPackagesAndNestedClassesAndSortedByName() {
        Projects.table(root, "Zebra", "Integer", NUMBERS);
        Projects.source(root.resolve("deep/er"), "Outer", """
                package deep.er;
                import java.util.stream.Stream;
                import org.rowmill.table.*;
                public class Outer {
                    public abstract static class Base extends Table<Integer> {
                        @Override public Stream<Integer> index() { return Stream.of(1); }
                    }
                    public static class Apple extends Base { @Column public int value(int index) { return index; } }
                    final Base anonymous = new Base() {};
                }
                """);

        assertThat(load()).containsExactly("deep.er.Outer$Apple", "Zebra");
        assertThat(load("Zebra")).containsExactly("Zebra");
    }

    @Test
    void unchangedSourcesAreCompiledOnceToTheSameBytesEverywhere(@TempDir Path other) throws IOException {
        Projects.table(root, "Numbers", "Integer", NUMBERS);
        load();
        load();

        assertThat(output.toString(StandardCharsets.UTF_8)).containsOnlyOnce("compiling 1 Java files");
        Projects.table(other, "Numbers", "Integer", NUMBERS);
        Project.load(other, List.of(), console).close();
        Path jar = jars().get(0);
        assertThat(other.resolve(".rowmill/classes").resolve(jar.getFileName())).hasSameBinaryContentAs(jar);
        assertThat(jars()).as("nothing else is left").containsExactly(jar);
    }

    @Test
    void changedSourcesHaveAnotherHashAndOldJarsAreDeleted() throws IOException {
        String last = "";
        for (int version = 0; version < 8; version++) {
            Projects.table(root, "Numbers", "Integer", NUMBERS + "// " + version);
            try (Project project = loaded()) {
                assertThat(project.codeHash()).hasSize(16).isNotEqualTo(last);
                last = project.codeHash();
                Files.setLastModifiedTime(
                        project.classPath().get(0), FileTime.from(Instant.ofEpochSecond(1_000_000_000 + version)));
            }
        }

        assertThat(jars()).hasSize(5);
        String newest = last;
        assertThat(jars()).anyMatch(jar -> jar.getFileName().toString().startsWith(newest));
    }

    @Test
    void directoriesOfTestsBuildsDataAndHiddenOnesContainNoSources() {
        Projects.table(root, "Numbers", "Integer", NUMBERS);
        for (String directory : List.of("src/test/java", "target/gen", "build", "tables", "lib", ".idea/x")) {
            Projects.source(root.resolve(directory), "Broken", "this is no Java");
        }

        assertThat(load()).containsExactly("Numbers");
    }

    @Test
    void theClassPathContainsTheLibrariesOfTheProjectOnly(@TempDir Path build) throws IOException {
        Projects.source(
                build, "Helper", "package helper; public class Helper { public static int one() { return 1; } }");
        jarOf(build, root.resolve("lib/helper.jar"));
        Projects.table(
                root, "Numbers", "Integer", NUMBERS + "@Column int one(int index) { return helper.Helper.one(); }");

        assertThat(load()).containsExactly("Numbers");

        Projects.table(
                root,
                "Numbers",
                "Integer",
                NUMBERS + "@Column int one(int index) { return picocli.CommandLine.ExitCode.OK; }");
        rejected("Numbers.java:", "package picocli");
    }

    /** Compiles a directory of sources to a jar. */
    private void jarOf(Path sources, Path jar) throws IOException {
        Files.createDirectories(jar.getParent());
        Path compiled = new ProjectCompiler(sources, console).compile(ProjectSources.of(sources), List.of(), "helper");
        Files.move(compiled, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    @Nested
    class WithoutSources {

        @Test
        void itsJarIsUsed(@TempDir Path build) throws IOException {
            Projects.table(build, "Numbers", "Integer", NUMBERS);
            jarOf(build, root.resolve("numbers.jar"));

            assertThat(load()).containsExactly("Numbers");
            assertThat(root.resolve(".rowmill")).doesNotExist();
        }

        @Test
        void theJarOfABuildIsUsedButNotTheJarOfItsSources(@TempDir Path build) throws IOException {
            Projects.table(build, "Numbers", "Integer", NUMBERS);
            jarOf(build, root.resolve("target/numbers-1.jar"));
            Files.writeString(root.resolve("target/numbers-1-sources.jar"), "never opened");

            assertThat(load()).containsExactly("Numbers");
        }

        @Test
        void theClassesOfABuildAreUsed() throws IOException {
            Path sources = Projects.table(
                    Files.createDirectories(root.resolve("target/sources")), "Numbers", "Integer", NUMBERS);
            Path classes = Files.createDirectories(root.resolve("target/classes"));
            assertThat(ToolProvider.getSystemJavaCompiler()
                            .run(
                                    null,
                                    null,
                                    null,
                                    "-parameters",
                                    "-proc:none",
                                    "-d",
                                    classes.toString(),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    sources.resolve("Numbers.java").toString()))
                    .isZero();

            assertThat(load()).containsExactly("Numbers");
        }

        @Test
        void anInvalidJarIsNamed() throws IOException {
            Files.writeString(root.resolve("broken.jar"), "no jar");

            rejected("broken.jar");
        }
    }

    @Nested
    class Rejected {

        @Test
        void aFile() throws IOException {
            Path file = Files.writeString(root.resolve("file"), "");

            assertThatThrownBy(() -> Project.load(file, List.of(), console))
                    .isInstanceOf(WrongInput.class)
                    .hasMessageContaining("this is a file");
        }

        @Test
        void aDirectoryWithoutATable() {
            rejected(root.toString(), "extends org.rowmill.table.Table");
        }

        @Test
        void everyErrorOfTheCompilerWithItsLine() {
            Projects.source(root, "One", "class One {\n    int x = \"text\";\n}\n");
            Projects.source(root.resolve("sub"), "Two", "class Two {\n\n    Missing y;\n}\n");

            rejected("One.java:2: incompatible types", "int x = \"text\";", "sub/Two.java:3: cannot find symbol");
        }

        @Test
        void everyFaultOfAllTables() {
            Projects.table(root, "A", "Integer", NUMBERS + "@Column int x(String missing) { return 1; }");
            Projects.table(root, "B", "Integer", NUMBERS + "@Column Thread y(int index) { return null; }");

            rejected("A.java:", "missing", "B.java:", "Thread");
        }

        @Test
        void twoTablesOfTheSameName() {
            Projects.table(root, "Numbers", "Integer", NUMBERS);
            Projects.source(root.resolve("p"), "Numbers", """
                    package p;
                    public class Numbers extends org.rowmill.table.Table<Integer> {
                        @Override public java.util.stream.Stream<Integer> index() { return null; }
                        @org.rowmill.table.Column public int one(int index) { return 1; }
                    }
                    """);

            rejected("two tables are named Numbers", "p.Numbers");
        }

        @Test
        void anUnknownTableGetsASuggestion() {
            Projects.table(root, "Numbers", "Integer", NUMBERS);

            assertThatThrownBy(() -> load("Nubmers"))
                    .isInstanceOf(WrongInput.class)
                    .hasMessageContaining("no table Nubmers (did you mean Numbers?)");
        }
    }
}
