package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/** The effects of the options of {@code run}, with the two jars. */
class OptionsIT {

    private static final Path EXAMPLES =
            Path.of("..", "examples").toAbsolutePath().normalize();

    @TempDir
    private Path project;

    private List<Object> one(String table, String query) {
        return DuckDb.query(project.resolve("tables").resolve(table), query).get(0);
    }

    @Test
    void theFileStatisticsExampleIsComputed() {
        ProducerCommand.of("run", EXAMPLES.resolve("file-stats"), "--output", project.resolve("tables"))
                .run()
                .succeeded();

        assertThat(one("FileStats", "SELECT count(*), min(lines) > 0, min(words) > 0, min(bytes) > 0 FROM $"))
                .extracting(String::valueOf)
                .containsExactly("2", "true", "true", "true");
    }

    @Test
    void aTerminalShowsOneLineThatChanges() {
        Projects.table(project, "Slow", "Integer", """
                @Override public Stream<Integer> index() { return Stream.of(1, 2, 3); }
                @Column int value(int index) throws Exception { Thread.sleep(400); return index; }
                """);

        ProducerCommand.Result result = ProducerCommand.of("run", project, "--cpu-limit", 1)
                .with("TERM", "xterm")
                .behind("sh", "-c", TERMINAL, "sh")
                .run()
                .succeeded();

        assertThat(result.out())
                .containsPattern(
                        "\r\u001b\\[K\u001b\\[\\?7lSlow: [0-3]/3 rows, 0 failed, (?:[0-9.]+ rows/[^,]+, )?0:0\\d,")
                .containsPattern("[01]/[01] slots busy")
                .containsPattern("\r\u001b\\[KSlow: 3 rows listed, 3 computed, 0 failed");
    }

    /** {@code script} of util-linux runs a command line on its own terminal. */
    private static final String TERMINAL =
            "for word; do line=\"$line '$word'\"; done; exec script -qec \"$line\" /dev/null";

    @Nested
    class DryRun {

        @Test
        void aDryRunPrintsTheColumnsAndWritesNoTable() throws IOException {
            Projects.squares(project, 100);

            ProducerCommand.Result dry =
                    ProducerCommand.of("run", project, "--dry-run").run().succeeded();

            assertThat(dry.out())
                    .contains("Squares: 100 of 100 rows would be computed")
                    .containsPattern("square +100\\R")
                    .containsPattern("cube +100\\R");
            assertThat(project.resolve("tables")).doesNotExist();
        }

        @Test
        void aDryRunCountsTheColumnsToRecomputeAndKeepsThem() {
            Projects.squares(project, 100);
            ProducerCommand.of("run", project).run().succeeded();

            ProducerCommand.Result dry = ProducerCommand.of("run", project, "--dry-run", "--recompute", "cube")
                    .run()
                    .succeeded();

            assertThat(dry.out()).containsPattern("square +0\\R").containsPattern("cube +100\\R");
            assertThat(ProducerCommand.of("run", project, "--dry-run").run().out())
                    .contains("Squares: 0 of 100 rows would be computed");
        }
    }

    @Nested
    class ClusterFile {

        @Test
        void aClusterFileWithoutNodesUsesTheHeadAlone() throws IOException {
            Projects.squares(project, 10);
            Path file = Files.writeString(project.resolve("cluster.csv"), "# none yet\naddress,ssh_user,ssh_port\n");

            ProducerCommand.Result result = ProducerCommand.of("run", project, "--ssh-cluster-csv-path", file)
                    .run()
                    .succeeded();

            assertThat(result.err())
                    .contains("Using cluster configuration file at " + file, "only this computer computes rows");
            assertThat(one("Squares", "SELECT count(*) FROM $"))
                    .extracting(String::valueOf)
                    .containsExactly("10");
        }

        @Test
        void allWrongLinesOfAClusterFileAreReported() throws IOException {
            Projects.squares(project, 10);
            Path file = Files.writeString(
                    project.resolve("cluster.csv"), "address,ssh_port\nnode1,99999\n,22\nnode2,22\nnode3,x\n");

            ProducerCommand.of("run", project, "--ssh_cluster_csv_path=" + file)
                    .run()
                    .refused("cluster.csv:2", "99999", "cluster.csv:3", "cluster.csv:5");
            assertThat(project.resolve("tables")).doesNotExist();
        }
    }

    @Test
    void theContextDescribesTheRow() throws IOException {
        Projects.table(project, "Knowing", "Integer", """
                @Override public Stream<Integer> index() { return Stream.of(1, 2, 3); }
                @Column int attempt(int index, RowContext row) {
                    if (index == 2 && row.attempt() == 1) System.exit(7);
                    return row.attempt();
                }
                @Column String node(RowContext row) { return row.node(); }
                @Column String run(RowContext row) { return row.runId(); }
                @Column Path scratch(RowContext row) throws Exception { return Files.writeString(row.scratch().resolve("file"), "x"); }
                @Column Path root() { return project(); }
                @Column int logged(int index, RowContext row) { row.logger().log(System.Logger.Level.INFO, "at {0}", index); return 0; }
                public record Ended(int code, String output, String error, Duration wall, Duration cpu, boolean peak) {}
                @Column Ended program(RowContext row) throws Exception {
                    var ended = row.run(new ProcessBuilder("sh", "-c", "echo out; echo err >&2; sleep 1; sleep 300 & exit 3"));
                    return new Ended(ended.exitCode(), ended.output(), ended.error(), ended.wallTime(), ended.cpuTime(),
                            ended.peakMemoryBytes() > 0);
                }
                """);

        ProducerCommand.of("run", project).run().succeeded();

        assertThat(one(
                        "Knowing",
                        "SELECT max(attempt), count(DISTINCT node), count(DISTINCT run), any_value(root),"
                                + " max(code), any_value(output), any_value(error), bool_and(peak) FROM $"))
                .extracting(String::valueOf)
                .containsExactly("2", "1", "1", project.toString(), "3", "out\n", "err\n", "true");
        assertThat(Path.of((String) one("Knowing", "SELECT scratch FROM $").get(0)))
                .isAbsolute()
                .doesNotExist();
        String run = (String) one("Knowing", "SELECT run FROM $").get(0);
        assertThat(project.resolve(".rowmill/logs/" + run + "/consumer.log"))
                .content()
                .contains("[Knowing 1] INFO Knowing: at 1");
    }
}
