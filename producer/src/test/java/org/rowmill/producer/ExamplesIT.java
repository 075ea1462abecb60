package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/** Runs each project of {@code examples/} to its end and compares the result with the one in its README. */
class ExamplesIT {

    private static final Path EXAMPLES =
            Path.of("..", "examples").toAbsolutePath().normalize();
    private static final List<String> TESTED = List.of(
            "cluster-local-data",
            "codec-comparison",
            "collatz-duckdb",
            "file-stats",
            "montecarlo-pi",
            "sorting-experiment");

    private static final int NODES = 2;
    private static final int FILES = 12;

    @TempDir
    private Path directory;

    /** Copies an example, because another test may run it at the same time. */
    private Path copyOf(String example) throws IOException {
        Path from = EXAMPLES.resolve(example);
        Path to = directory.resolve(example);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path name = from.relativize(file);
                if (!name.startsWith("tables") && !name.startsWith(".rowmill")) {
                    Files.createDirectories(to.resolve(name).getParent());
                    Files.copy(file, to.resolve(name));
                }
            }
        }
        return to;
    }

    private static ProducerCommand.Result run(Path project, Object... options) {
        Stream<Object> arguments = Stream.of("run", project, "--no-progress");
        return ProducerCommand.of(Stream.concat(arguments, Stream.of(options)).toArray())
                .run()
                .succeeded();
    }

    /** Returns the output that the example's README shows. */
    private static List<String> shown(String example) throws IOException {
        return Files.readString(EXAMPLES.resolve(example).resolve("README.md"))
                .lines()
                .filter(line -> line.startsWith("    "))
                .map(line -> line.substring(4))
                .toList();
    }

    @Test
    void eachExampleIsListedAndTested() throws IOException {
        try (Stream<Path> projects = Files.list(EXAMPLES)) {
            assertThat(projects.filter(Files::isDirectory)
                            .map(project -> project.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(TESTED);
        }
        assertThat(EXAMPLES.resolve("README.md"))
                .content()
                .contains(TESTED.stream()
                        .map(name -> "| [" + name + "](" + name + ") |")
                        .toList());
    }

    @Test
    void piIsEstimated() throws IOException {
        String out = run(copyOf("montecarlo-pi"), "--quick", 2).out();

        assertThat(out).matches("Computed pi ~ 3\\.14\\d+ using 20000000 total samples on 1 nodes\\.\\R");
        assertThat(shown("montecarlo-pi").get(0).replaceAll("[\\d.]+", "N"))
                .isEqualTo(out.strip().replaceAll("[\\d.]+", "N"));
    }

    @Test
    void filesAreCounted() throws IOException {
        Path project = copyOf("file-stats");

        run(project);

        assertThat(ProducerCommand.of("show", project, "FileStats", "--rows", 2)
                        .run()
                        .succeeded()
                        .out()
                        .lines())
                .containsExactlyInAnyOrderElementsOf(shown("file-stats"));
    }

    @Test
    void codecsAreComparedWithoutLoss() throws IOException {
        Path project = copyOf("codec-comparison");

        String out = run(project).out();

        long codecs =
                Stream.of("gzip", "xz", "zstd").filter(ExamplesIT::isInstalled).count();
        assertThat(out.lines()).hasSize((int) codecs);
        assertThat(shown("codec-comparison"))
                .hasSize(3)
                .extracting(line -> line.replaceAll("\\d+\\.\\d", "N"))
                .containsAll(out.replaceAll("\\d+\\.\\d", "N").lines().toList());
        assertThat(DuckDb.query(
                        project.resolve("tables/CodecComparison"),
                        "SELECT count(*), bool_and(lossless), bool_and(ratio > 1), bool_and(time > 0) FROM $"))
                .containsExactly(List.of(2 * codecs, true, true, true));
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    @Test
    void sortingAlgorithmsAreCompared() throws IOException {
        Path project = copyOf("sorting-experiment");

        assertThat(run(project).out().lines()).containsExactlyElementsOf(shown("sorting-experiment"));
        assertThat(DuckDb.query(
                        project.resolve("tables/SortingExperiment"),
                        "SELECT count(*), count(DISTINCT (algorithm, input_order, size, seed)), bool_and(sorted)"
                                + " FROM $"))
                .containsExactly(List.of(90L, 90L, true));
    }

    @Test
    void collatzSequencesAreQueriedInDuckDb() throws Exception {
        Path project = copyOf("collatz-duckdb");

        run(project);

        String sql = Files.readString(project.resolve("longest.sql"))
                .replace("'tables/", "'" + project.resolve("tables") + "/");
        assertThat(lastResult(sql))
                .containsExactlyElementsOf(shown("collatz-duckdb").stream()
                        .filter(line -> line.matches("│ +\\d.*"))
                        .map(line -> line.replaceAll("[ │]+", " ").strip())
                        .toList())
                .hasSize(5);
    }

    /** Executes all statements and returns the rows of the last one, with spaces between values. */
    private static List<String> lastResult(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            String[] statements = sql.strip().split(";");
            for (int i = 0; i < statements.length - 1; i++) {
                statement.execute(statements[i]);
            }
            List<String> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery(statements[statements.length - 1])) {
                while (result.next()) {
                    rows.add(result.getString(1) + " " + result.getString(2) + " " + result.getString(3));
                }
            }
            return rows;
        }
    }

    /** The computers' first rows wait for each other, so that each node computes. */
    @Test
    @ExtendWith(SharedTestbed.class)
    void nodesReadTheirOwnCopyOfTheData(Testbed testbed) throws IOException {
        Path project = copyOf("cluster-local-data");
        Path source = project.resolve("LocalWords.java");
        String words = "@Column\n    public long words(Path file) throws IOException {";
        assertThat(source).content().contains(words);
        Files.writeString(source, Files.readString(source).replace(words, Projects.MEET + """
                @Column
                public long words(Path file, RowContext context) throws Exception {
                    meet(context, %d);
                """.formatted(NODES + 1)));
        Path corpus = directory.resolve("corpus");
        Files.createSymbolicLink(project.resolve("corpus"), corpus);
        Path own = Files.createDirectories(directory.resolve("disk-of-head"));
        Files.createSymbolicLink(corpus, own);
        for (int file = 1; file <= FILES; file++) {
            Files.writeString(own.resolve(file + ".txt"), "word ".repeat(file));
        }
        for (int node = 1; node <= NODES; node++) {
            testbed.rexec(node, copyOnDisk(node, corpus));
        }

        ProducerCommand.Result result = ProducerCommand.of(
                        "run", project, "--no-progress", "--ssh-cluster-csv-path", testbed.clusterCsv(1, 2))
                .onJvmWith("-Duser.home=" + testbed.home())
                .behind(testbed.headPrefix().toArray(String[]::new))
                .run()
                .succeeded();

        assertThat(result.out().lines()).containsExactlyElementsOf(shown("cluster-local-data"));
        for (int node = 1; node <= NODES; node++) {
            assertThat(DuckDb.query(
                            project.resolve("tables/LocalWords"),
                            "SELECT DISTINCT parse_dirpath(source) FROM $ WHERE node = '" + testbed.address(node)
                                    + "'"))
                    .containsExactly(List.of("/srv/disk-of-" + node));
            testbed.rexec(node, "rm -r " + directory + " /srv/disk-of-" + node);
        }
    }

    /** Returns a command that writes the files on another disk of a node, and links the path of the head to them. */
    private static String copyOnDisk(int node, Path corpus) {
        String disk = "/srv/disk-of-" + node;
        String files = IntStream.rangeClosed(1, FILES)
                .mapToObj(file -> "echo " + "word ".repeat(file) + ">" + disk + "/" + file + ".txt")
                .reduce("", (all, line) -> all + "; " + line);
        return "mkdir -p " + disk + " " + corpus.getParent() + files + "; ln -s " + disk + " " + corpus
                + "; chmod -R a+rX " + disk;
    }
}
