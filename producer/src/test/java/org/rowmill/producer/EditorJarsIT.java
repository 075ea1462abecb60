package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two jars that docs/tables.md names for editors: the table API, and its annotation processor. */
class EditorJarsIT {

    private static final String TABLE = """
        import java.util.stream.Stream;
        import org.rowmill.table.Column;
        import org.rowmill.table.Table;

        public class Squares extends Table<Integer> {
            @Override
            public Stream<Integer> index() {
                return Stream.of(1, 2, 3);
            }

            @Column
            long square(int index) {
                return (long) index * index;
            }

            @Column
            long cube(long square, int index) {
                return square * index;
            }
        }
        """;

    @TempDir
    private Path directory;

    /** Exit code and output of javac. */
    private record Compilation(int exitCode, String output) {}

    @Test
    void aTableCompilesAgainstTheTwoJars() throws Exception {
        Compilation compilation = compile(TABLE);

        assertThat(compilation.output()).isEmpty();
        assertThat(compilation.exitCode()).isZero();
        assertThat(directory.resolve("Squares.class")).exists();
    }

    @Test
    void aWrongColumnIsReportedWithFileAndLine() throws Exception {
        Compilation compilation = compile(TABLE.replace("cube(long square, ", "cube(long sqare, "));

        assertThat(compilation.exitCode()).isEqualTo(1);
        assertThat(compilation.output())
                .contains("Squares.java:17: error: Squares.cube, parameter \"long sqare\": ")
                .contains("Did you mean \"square\"?");
    }

    @Test
    void bothJarsContainOnlyWhatRowmillDeclares() throws IOException {
        for (Path jar : List.of(tableJar(), processorJar())) {
            assertThat(entries(jar))
                    .as("entries of %s", jar)
                    .allMatch(name -> name.startsWith("org/rowmill/") || name.startsWith("META-INF/"))
                    .noneMatch(name -> name.matches("(?i).*(artemis|activemq|parquet|jackson|cbor).*"))
                    .noneMatch(name -> name.startsWith("META-INF/") && name.endsWith(".class"));
        }
        assertThat(entries(tableJar()).filter(name -> name.endsWith(".class")))
                .allMatch(name -> name.startsWith("org/rowmill/table/"));
        assertThat(entries(processorJar()).filter(name -> name.startsWith("META-INF/services/")))
                .containsExactly("META-INF/services/javax.annotation.processing.Processor");
    }

    @Test
    void theDocumentationNamesTheTwoJars() throws IOException {
        assertThat(Files.readString(Path.of("..", "docs", "tables.md")))
                .contains("`table/target/table-*.jar`", "`schemas/target/schemas-*-processor.jar`");
    }

    /** Runs javac in a process of its own: in this JVM, the processor would also find classes of the test. */
    private Compilation compile(String source) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("Squares.java"), source);
        Path output = directory.resolve("output");
        Process javac = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
                        "-cp",
                        tableJar().toString(),
                        "--processor-path",
                        tableJar() + File.pathSeparator + processorJar(),
                        "-d",
                        directory.toString(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(javac.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Compilation(javac.exitValue(), Files.readString(output));
    }

    private static Path tableJar() throws IOException {
        return jar("table", "table-[0-9][^-]*\\.jar");
    }

    private static Path processorJar() throws IOException {
        return jar("schemas", "schemas-[0-9].*-processor\\.jar");
    }

    private static Path jar(String module, String name) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", module, "target"))) {
            List<Path> found = files.filter(
                            file -> file.getFileName().toString().matches(name))
                    .toList();
            assertThat(found).as("jars named %s of module %s", name, module).hasSize(1);
            return found.get(0).toAbsolutePath();
        }
    }

    private static Stream<String> entries(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).toList().stream();
        }
    }
}
