package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Standard output and standard error as a shell redirects them. {@code LostOutputTest} tries each command. */
class LostOutputIT {

    @TempDir
    private Path project;

    @BeforeEach
    void computeATable() {
        Projects.table(project, "Squares", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 5000).boxed(); }
                @Column long square(int index) { return (long) index * index; }
                @Override public void report(Rows<Integer> rows, PrintStream out) {
                    System.out.println("to System.out");
                    out.println("to out");
                }
                """);
        assertThat(run("").succeeded().out()).isEqualTo("to System.out\nto out\n");
    }

    private ProducerCommand.Result run(String redirection) {
        return redirected(redirection, "run", project);
    }

    private ProducerCommand.Result show(String redirection) {
        return redirected(redirection, "show", project, "Squares", "--format", "csv");
    }

    private static ProducerCommand.Result redirected(String redirection, Object... arguments) {
        return ProducerCommand.of(arguments)
                .behind("bash", "-c", "set -o pipefail; \"$@\" " + redirection, "bash")
                .run();
    }

    @Test
    void aFullDiskIsAnError() throws IOException {
        Path nodes = Files.writeString(project.resolve("nodes.csv"), "address\n");
        String full = ">/dev/full";
        for (ProducerCommand.Result lost : List.of(
                run(full),
                show(full),
                redirected(full, "run", project, "--dry-run"),
                redirected(full, "nodes", project, "--ssh-cluster-csv-path", nodes),
                redirected(full, "nodes", project, "--ssh-cluster-csv-path", nodes, "--json"))) {
            assertThat(lost.exitCode()).isEqualTo(74);
            assertThat(lost.err()).contains("the results cannot be written: No space left on device");
        }
    }

    @Test
    void aClosedOutputIsAnError() {
        for (ProducerCommand.Result lost : List.of(run(">&-"), show(">&-"))) {
            assertThat(lost.exitCode()).isEqualTo(74);
            assertThat(lost.err()).contains("the results cannot be written: Bad file descriptor");
        }
        assertThat(show(">&- 2>&-").exitCode()).isEqualTo(74);
    }

    @Test
    void aReaderThatClosesItsPipeHasReadEnough() {
        ProducerCommand.Result enough = show("| head -n 1").succeeded();

        assertThat(enough.out()).isEqualTo("index,square\n");
        assertThat(enough.err()).isEmpty();
    }

    /** No file of the table gets the number of standard error, and with it the messages. */
    @Test
    void aRunNeedsNoStandardError() throws IOException {
        for (String redirection : List.of("2>&-", "2>/dev/full", "2> >(head -c 0)", "<&- >&- 2>&-")) {
            Path tables = project.resolve("tables");
            ProducerCommand.Result run =
                    redirected(redirection, "run", project, "--recompute", "square", "--output", tables);

            assertThat(run.exitCode()).as(redirection).isIn(0, 74); // 74: the report is lost with standard output
            assertThat(redirected("", "check", project).succeeded().out()).contains("no faults");
            try (Stream<Path> files = Files.walk(project)) {
                assertThat(files.filter(file -> file.toString().endsWith(".parquet")))
                        .allSatisfy(
                                file -> assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                                        .startsWith("PAR1")
                                        .endsWith("PAR1"));
            }
        }
    }
}
