package org.rowmill.producer.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
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
import org.rowmill.producer.options.RunOptions;
import org.rowmill.schemas.WrongInput;

class ProjectTest {

    private static final String NUMBERS = """
        @Override public Stream<Integer> index() { return Stream.of(1, 2); }
        @Column int twice(int index) { return 2 * index; }
        """;

    @TempDir
    private Path root;

    private RunOptions.Code code = RunOptions.Code.DEFAULT;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8);
    private final Console console = new Console(out, out, 1, false, Map.of());

    @AfterEach
    void clearTheRoot() {
        System.clearProperty("rowmill.project");
    }

    private List<String> load(String... names) {
        try (Project project = Project.load(root, List.of(names), code, console)) {
            return project.tables().stream()
                    .map(model -> model.tableClass().getName())
                    .toList();
        }
    }

    private Project loaded() {
        return Project.load(root, List.of(), code, console);
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
        Project.load(other, List.of(), code, console).close();
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

    private List<String> sources(String... directories) throws IOException {
        return names(
                ProjectSources.of(root, Stream.of(directories).map(Path::of).toList())
                        .files());
    }

    private List<String> names(List<Path> files) {
        return files.stream().map(file -> root.relativize(file).toString()).toList();
    }

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Nested
    class Sources {

        @Test
        void areToldFromDataByTheirPackageLines() throws IOException {
            file("Top.java", "package anything;");
            file(
                    "a/b/Right.java",
                    "/* package wrong; */\n// package wrong;\n  package a . b /* x */ ;\nclass Right {}");
            file("a/b/package-info.java", "/** Package of b. */\n@Deprecated(since = \"1\")\npackage a.b;");
            file("a/b/Bom.java", "\uFEFFpackage a.b;");
            file("a/b/Unnamed.java", "class Unnamed { String s = \"package a.b;\"; }");
            file("a/b/Shorter.java", "package a;");
            file("a/b/Comment.java", "/* package a.b;");
            file("data/repos/one/src/Main.java", "public class Main {}");
            file("data/repos/two/org/x/Main.java", "package org.x; public class Main {}");
            file("data/repos/three-1.0/Main.java", "package data.repos.three;");
            file("data/Binary.java", "\0\1\2");
            file("node_modules/x/Main.java", "package node_modules.x;");
            file("module-info.java", "module x {}");

            assertThat(sources())
                    .containsExactly("Top.java", "a/b/Bom.java", "a/b/Right.java", "a/b/package-info.java");
            assertThat(names(ProjectSources.of(root, List.of()).leftOut()))
                    .contains("data/repos/one/src/Main.java", "data/repos/three-1.0/Main.java", "a/b/Unnamed.java")
                    .doesNotContain("Top.java", "node_modules/x/Main.java");
        }

        @Test
        void areAllFilesInTheDirectoryOfMaven() throws IOException {
            file("src/main/java/deep/Odd.java", "package other;");
            file("src/main/java/Plain.java", "");
            file("src/test/java/PlainTest.java", "");
            file("src/Stray.java", "");

            assertThat(sources()).containsExactly("src/main/java/Plain.java", "src/main/java/deep/Odd.java");
        }

        @Test
        void areInSrcWithoutMaven() throws IOException {
            file("src/Plain.java", "");
            file("src/a/Right.java", "package a;");
            file("src/a/Wrong.java", "package src.a;");

            assertThat(sources()).containsExactly("src/Plain.java", "src/a/Right.java");
        }

        @Test
        void areInTheDirectoriesThatTheUserNames() throws IOException {
            file("Top.java", "");
            file("odd-code/any/Thing.java", "package unrelated;");
            file("odd-code/.git/Hidden.java", "");
            file("a/Package.java", "package a;");

            assertThat(sources("odd-code")).containsExactly("odd-code/any/Thing.java");
            assertThat(sources(".", "odd-code"))
                    .containsExactly("Top.java", "a/Package.java", "odd-code/any/Thing.java");
            assertThatThrownBy(() -> sources("missing"))
                    .isInstanceOf(WrongInput.class)
                    .hasMessageContainingAll("--sources missing", "does not exist", "relative to the project");
        }

        @Test
        void areFoundInALinkedProjectButNotThroughLinksToData(@TempDir Path elsewhere) throws IOException {
            file("Top.java", "");
            file("a/Package.java", "package a;");
            Path data = Files.createDirectories(elsewhere.resolve("set"));
            Files.writeString(data.resolve("Data.java"), "package data;");
            Files.createSymbolicLink(root.resolve("data"), data);
            Files.createSymbolicLink(root.resolve("a/loop"), root);
            Files.createSymbolicLink(root.resolve("Broken.java"), root.resolve("missing"));
            Path link = Files.createSymbolicLink(elsewhere.resolve("project"), root);

            assertThat(ProjectSources.of(link, List.of()).files())
                    .containsExactly(link.resolve("Top.java"), link.resolve("a/Package.java"));
            assertThat(sources("data")).containsExactly("data/Data.java");
        }

        @Test
        void thatAreLeftOutAreMentioned() throws IOException {
            Projects.table(root, "Numbers", "Integer", NUMBERS);
            file("data/Main.java", "");

            load();

            assertThat(output.toString(StandardCharsets.UTF_8))
                    .contains("1 Java file is no source of the project", "--sources", ": data/Main.java");
        }

        @Test
        void thatAreLeftOutAreNamedIfTheyAreMissed() throws IOException {
            Projects.table(root.resolve("my-tables"), "Numbers", "Integer", NUMBERS);
            rejected("no table was found", "my-tables/Numbers.java");

            Projects.table(root, "Others", "Integer", NUMBERS + "@Column int x(int index) { return Util.one(); }");
            file("helpers/Util.java", "class Util { static int one() { return 1; } }");
            rejected("Others.java:", "helpers/Util.java: this file is no source", "--sources .,helpers");

            code = new RunOptions.Code(List.of(Path.of("."), Path.of("helpers")), 17);
            assertThat(load()).containsExactly("Others");
            assertThatThrownBy(() -> load("Numbers")).hasMessageContaining("--sources .,my-tables");
        }

        @Test
        void ofANewerPackageInAnOddDirectoryAreNamed() throws IOException {
            Projects.table(
                    root, "Numbers", "Integer", NUMBERS + "@Column int x(int index) { return org.help.Util.one(); }");
            file(
                    "code/org/help/Util.java",
                    "package org.help; public class Util { public static int one() { return 1; } }");

            rejected("package org.help does not exist", "--sources .,code");
        }
    }

    @Nested
    class NamedTables {

        @Test
        void areComputedThoughAnotherDoesNotCompile() throws IOException {
            Projects.table(root, "Good", "Integer", NUMBERS + "@Column int one(int index) { return Helper.ONE; }");
            Projects.source(root, "Helper", "class Helper { static final int ONE = 1; }");
            Projects.table(root, "Bad", "Integer", NUMBERS + "@Column int x(int index) { return Broken.X; }");
            Projects.source(root, "Broken", "class Broken { int X = }");

            rejected("Broken.java:1: illegal start of expression");
            assertThat(load("Good")).containsExactly("Good");
            assertThat(output.toString(StandardCharsets.UTF_8))
                    .contains("left out, because the named tables do not need it: Broken.java:1");
            assertThatThrownBy(() -> load("Bad")).hasMessageContaining("Broken.java:1: illegal start of expression");
            assertThatThrownBy(() -> load("Good", "Bad")).hasMessageContaining("Broken.java:1");

            Projects.source(root, "Helper", "class Helper { static final int ONE = missing; }");
            assertThatThrownBy(() -> load("Good")).hasMessageContaining("Helper.java:1: cannot find symbol");
        }

        @Test
        void areNotComputedWithOldClassesOfAnother() throws IOException {
            Projects.table(root, "Good", "Integer", NUMBERS);
            Projects.source(root, "Broken", "class Broken { int x = y; }");
            load("Good");
            Projects.source(root, "Broken", "class Broken { int x = 1; }");

            assertThat(load()).containsExactly("Good");
            assertThat(jars()).hasSize(2);
        }
    }

    @Nested
    class AnnotationProcessors {

        @Test
        void inLibraryJarsRun(@TempDir Path build) throws IOException {
            processor(build, """
                try (java.io.Writer out = processingEnv.getFiler().createSourceFile("made.Made").openWriter()) {
                    out.write("package made; public class Made { public static final int ONE = 1; }");
                }
                try (java.io.Writer out = processingEnv.getFiler().createResource(
                        javax.tools.StandardLocation.CLASS_OUTPUT, "made", "words.txt").openWriter()) {
                    out.write("words");
                }
                """);
            Projects.table(
                    root, "Numbers", "Integer", NUMBERS + "@Column int one(int index) { return made.Made.ONE; }");

            try (Project project = loaded()) {
                assertThat(project.loader().getResource("made/words.txt")).isNotNull();
                assertThat(project.loader().getResource("made/Made.class")).isNotNull();
                assertThat(project.loader().getResource("made/Made.java")).isNull();
            }
            assertThat(root.resolve("made")).doesNotExist();
        }

        @Test
        void thatFailAreNamed(@TempDir Path build) throws IOException {
            processor(build, "throw new IllegalStateException(\"too old\");");
            Projects.table(root, "Numbers", "Integer", NUMBERS);

            rejected(
                    "an annotation processor in lib/ failed",
                    "too old",
                    "Java " + Runtime.version().feature());
        }

        /** Makes a jar in lib/ with a processor, whose code runs once. */
        private void processor(Path build, String code) throws IOException {
            Projects.source(build, "Maker", """
                import java.util.Set;
                import javax.annotation.processing.*;
                import javax.lang.model.element.TypeElement;
                @SupportedAnnotationTypes("*")
                public class Maker extends AbstractProcessor {
                    boolean done;
                    @Override public boolean process(Set<? extends TypeElement> all, RoundEnvironment round) {
                        if (!done) {
                            done = true;
                            try {
                                %s
                            } catch (java.io.IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        }
                        return false;
                    }
                }
                """.formatted(
                            code.contains("throw") ? "if (!done) throw new java.io.IOException();" + code : code));
            Path jar = root.resolve("lib/maker.jar");
            jarOf(build, jar);
            try (FileSystem zip = FileSystems.newFileSystem(jar)) {
                Path services = zip.getPath("META-INF/services");
                Files.createDirectories(services);
                Files.writeString(services.resolve("javax.annotation.processing.Processor"), "Maker");
            }
        }
    }

    @Nested
    class NewerJava {

        private static final int NEXT = 1;

        @Test
        void ofALibraryIsRequiredOfNodesAndReportedForThisComputer(@TempDir Path build) throws IOException {
            Projects.source(build, "Helper", "package helper; public class Helper {}");
            jarOf(build, root.resolve("lib/helper.jar"));
            Projects.table(root, "Numbers", "Integer", NUMBERS);
            try (Project project = loaded()) {
                assertThat(project.java()).isEqualTo(new RequiredJava(17, ""));
            }

            int next = Runtime.version().feature() + NEXT;
            raiseVersion(root.resolve("lib/helper.jar"), next);

            try (Project project = loaded()) {
                assertThat(project.java()).isEqualTo(new RequiredJava(next, "lib/helper.jar"));
            }
            assertThat(output.toString(StandardCharsets.UTF_8))
                    .containsOnlyOnce("warning: lib/helper.jar: it has classes for Java " + next);
        }

        @Test
        void ofItsOwnClassesIsRejected(@TempDir Path build) throws IOException {
            Projects.table(build, "Numbers", "Integer", NUMBERS);
            jarOf(build, root.resolve("numbers.jar"));
            int next = Runtime.version().feature() + NEXT;
            raiseVersion(root.resolve("numbers.jar"), next);

            rejected("numbers.jar: its classes need Java " + next, "Run producer.jar with Java " + next);
        }

        @Test
        void ofTheSourcesNeedsItsRelease() {
            Projects.table(
                    root,
                    "Numbers",
                    "Integer",
                    NUMBERS + "@Column String first(int index) { return \"a\".repeat(2); }");
            code = new RunOptions.Code(List.of(), Runtime.version().feature());

            try (Project project = loaded()) {
                assertThat(project.java().feature()).isEqualTo(Runtime.version().feature());
            }
        }

        @Test
        void isNamedIfTheSourcesNeedIt() {
            Projects.table(root, "Numbers", "Integer", NUMBERS + """
                @Column int last(int index) { return (int) Stream.of(index).toList().get(0); } // of Java 16
                """);
            code = new RunOptions.Code(List.of(), 11);
            int enough = Math.min(Runtime.version().feature(), 21);

            rejected("Numbers.java:", "toList()", "newer Java than 11", "--release " + enough, "release=" + enough);
        }

        private void raiseVersion(Path jar, int feature) throws IOException {
            try (FileSystem zip = FileSystems.newFileSystem(jar);
                    Stream<Path> all = Files.walk(zip.getPath("/"))) {
                for (Path file :
                        all.filter(name -> name.toString().endsWith(".class")).toList()) {
                    byte[] bytes = Files.readAllBytes(file);
                    bytes[7] = (byte) (44 + feature);
                    Files.write(file, bytes);
                }
            }
        }
    }

    /** Compiles a directory of sources to a jar. */
    private void jarOf(Path sources, Path jar) throws IOException {
        Files.createDirectories(jar.getParent());
        ProjectSources all = ProjectSources.of(sources, List.of());
        Path compiled = new ProjectCompiler(sources, RunOptions.Code.OLDEST_RELEASE, List.of(), console)
                .compile(all, false)
                .jar();
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

            assertThatThrownBy(() -> Project.load(file, List.of(), code, console))
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
            Projects.source(root.resolve("sub"), "Two", "package sub; class Two {\n\n    Missing y;\n}\n");

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
