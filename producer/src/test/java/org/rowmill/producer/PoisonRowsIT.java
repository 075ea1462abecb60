package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rowmill.store.DuckDb;

/** Rows that end their consumer, or must not, while other rows are in the same consumer. */
class PoisonRowsIT {

    private static final String STARTED = "consumer started on this computer";

    private Path project;

    @BeforeEach
    void setUp(@TempDir Path directory) {
        project = directory.resolve("project");
    }

    private static int consumers(ProducerCommand.Result result) {
        return result.err().split(STARTED, -1).length - 1;
    }

    private ProducerCommand.Result run(Object... options) {
        List<Object> arguments = new java.util.ArrayList<>(List.of("run", project, "--no-progress", "-v"));
        arguments.addAll(List.of(options));
        return ProducerCommand.of(arguments.toArray()).run();
    }

    /** All four rows begin before the first of them ends. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Runtime.getRuntime().halt(3);",
                "if (index == 0) { throw new OutOfMemoryError(\"for a test\"); }"
            })
    void theNeighboursOfAPoisonRowAreComputed(String poison) {
        Projects.table(project, "Poison", "Integer", """
                private static final java.util.concurrent.CountDownLatch BEGUN = new java.util.concurrent.CountDownLatch(4);
                @Override public Stream<Integer> index() { return IntStream.range(0, 4).boxed(); }
                @Column int value(int index, RowContext context) throws Exception {
                    BEGUN.countDown();
                    if (context.attempt() == 1) { BEGUN.await(); }
                    if (index == 0) { %s }
                    Thread.sleep(context.attempt() == 1 ? 60_000 : 10);
                    return index * 10;
                }
                """.formatted(poison));

        ProducerCommand.Result result = run("--cpu-limit", 4);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
        assertThat(result.err()).contains("4 rows listed, 3 computed, 1 failed", "first row: 0");
        assertThat(DuckDb.query(project.resolve("tables/Poison"), "SELECT index, value FROM $ ORDER BY index"))
                .containsExactly(List.of(1, 10), List.of(2, 20), List.of(3, 30));
        assertThat(consumers(result) - 1).as("consumers replaced").isLessThanOrEqualTo(4);
    }

    @Test
    void storedValuesThatCannotBeConvertedEndNoConsumer() {
        String columns = """
                public enum Colour { RED, GREEN, %s }
                @Override public Stream<Integer> index() { return IntStream.range(0, 60).boxed(); }
                @Column public Colour colour(int index) { return Colour.values()[index %% 3]; }
                """;
        Projects.table(project, "Colours", "Integer", columns.formatted("BLUE"));
        run().succeeded();
        Projects.table(
                project,
                "Colours",
                "Integer",
                columns.formatted("AZURE")
                        + "@Column public int length(Colour colour) { return colour.name().length(); }");

        ProducerCommand.Result result = run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("60 rows listed, 40 computed, 20 failed", "the enum Colour has no constant BLUE");
        assertThat(consumers(result)).isEqualTo(1);
    }
}
