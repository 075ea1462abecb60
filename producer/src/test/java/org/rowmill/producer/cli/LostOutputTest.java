package org.rowmill.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rowmill.store.Stores.column;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rowmill.schemas.model.ColumnType.Scalar;
import org.rowmill.store.Stores;
import org.rowmill.store.TableOpening;
import org.rowmill.store.TableStore;
import org.rowmill.store.journal.PartWriter;

/** Every command that prints results, with a standard output that cannot be written. */
class LostOutputTest {

    private static final String FULL = "/dev/full";

    @TempDir
    private Path project;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void storeATable() throws IOException {
        try (TableStore store = TableOpening.open(
                        project.resolve("tables/Samples"),
                        Stores.schema(column("text", Scalar.STRING), column("real", Scalar.DOUBLE)),
                        Stores.PLAIN);
                PartWriter writer = store.writer()) {
            Stores.addNew(writer, 1, Stores.values("1000", 0.5));
            writer.addFailed(Stores.failure(3, "wrong"), true);
            writer.publish();
        }
    }

    private int execute(OutputStream out, String... arguments) {
        return new Producer(out, new PrintStream(err, true, StandardCharsets.UTF_8), Map.of()).execute(arguments);
    }

    private String[] words(String command) {
        return command.replace("PROJECT", project.toString()).split(" ");
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** {@code nodes} and {@code run} need the packaged jar: LostOutputIT tries them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "show PROJECT",
                "show PROJECT --json",
                "show PROJECT Samples --rows 1",
                "show PROJECT Samples --failed",
                "show PROJECT Samples --format csv",
                "show PROJECT Samples --format jsonl",
                "show PROJECT Samples --format csv --failed",
                "check PROJECT",
                "explain PROJECT 1",
                "explain PROJECT 1 --json",
                "status PROJECT",
                "status PROJECT --json",
                "init",
                "init montecarlo-pi PROJECT/new",
                "help",
                "help run",
                "--help",
                "show --help",
                "--version",
                "run --version"
            })
    void resultsOnAFullDiskAreAnErrorOfEachCommand(String command) throws IOException {
        try (OutputStream full = new FileOutputStream(FULL)) {
            assertThat(execute(full, words(command))).as(this::err).isEqualTo(74);
        }

        assertThat(err()).contains("error: standard output: the results cannot be written: No space left on device");
        assertThat(err()).doesNotContain("Exception", "\tat ");
    }

    @Test
    void aClosedOutputIsAnError() throws IOException {
        OutputStream closed = new FileOutputStream(FULL);
        closed.close();

        assertThat(execute(closed, words("show PROJECT Samples --format csv"))).isEqualTo(74);

        assertThat(err()).contains("error: standard output: the results cannot be written: Stream Closed");
    }

    @Test
    void aReaderThatClosesItsPipeHasReadEnough() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().close();
        try (OutputStream out = Channels.newOutputStream(pipe.sink())) {
            assertThat(execute(out, words("show PROJECT Samples --format csv"))).isZero();
        }

        assertThat(err()).isEmpty();
    }

    @Test
    void wrongInputKeepsItsExitCode() throws IOException {
        try (OutputStream full = new FileOutputStream(FULL)) {
            assertThat(execute(full, words("show PROJECT Sample"))).isEqualTo(2);
        }
    }
}
