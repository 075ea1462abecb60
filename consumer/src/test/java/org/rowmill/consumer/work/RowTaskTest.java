package org.rowmill.consumer.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.consumer.program.CleanupProcess;
import org.rowmill.schemas.model.TableModel;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.ResultMessage.Kind;
import org.rowmill.schemas.protocol.RowMessage;

/** Answers to row messages, without a broker. */
class RowTaskTest {

    @TempDir
    private Path directory;

    private final RowGate gate = new RowGate(Duration.ofMillis(50));
    private final ConsumerMetrics metrics = new ConsumerMetrics();
    private RowsInSlots rowsInSlots;

    @BeforeEach
    void openFile() throws IOException {
        rowsInSlots = RowsInSlots.open(directory.resolve("in-hand"), 1);
        Samples.Powers.calls = 0;
    }

    private ResultMessage answer(Class<?> table, boolean alone, boolean isRedelivered) throws IOException {
        List<TableModel> models = List.of(TableModel.of(table));
        MessageCodec codec = new MessageCodec("run", List.of(models.get(0).schema()));
        RowOutput output = new RowOutput(new ByteArrayOutputStream());
        RowScope.Site site = new RowScope.Site(
                "run", "node", new CleanupProcess(directory.resolve("scratch")), output.printStream());
        RowTask.Shared shared = new RowTask.Shared(
                codec,
                rowsInSlots,
                output,
                site,
                metrics,
                ProjectMount.none(),
                new Deadlines(1, System::nanoTime),
                gate);
        RowMessage row = new RowMessage(0, 5, 99, 2, alone, List.of(3), List.of(), Map.of());
        RowTask.EncodedResult answer = new RowTask(0, models, shared).answer(codec.encode(row), isRedelivered);
        ResultMessage result = codec.decodeResult(answer.body());
        assertThat(answer.kind()).isEqualTo(result.kind());
        return result;
    }

    private void assertThatTheSlotIsFree() {
        assertThat(rowsInSlots.busy()).isZero();
        assertThat(gate.isOpen()).isTrue();
    }

    @Test
    void aRowIsComputedWithTheNumberOfItsAttempt() throws IOException {
        ResultMessage result = answer(Samples.Powers.class, false, false);

        assertThat(result.kind()).isEqualTo(Kind.COMPUTED);
        assertThat(result.attempt()).isEqualTo(2);
        assertThat(result.values()).isEqualTo(Map.of(0, 9L, 1, 27L, 2, 729L));
        assertThat(metrics.rows()).isEqualTo(1);
        assertThatTheSlotIsFree();
    }

    @Test
    void aRedeliveredRowIsReturnedAndNotComputed() throws IOException {
        ResultMessage result = answer(Samples.Powers.class, true, true);

        assertThat(result).isEqualTo(new ResultMessage(0, 5, 99, 2, "node", 0, Kind.REDELIVERED, Map.of(), List.of()));
        assertThat(Samples.Powers.calls).isZero();
        assertThat(metrics.rows()).isZero();
        assertThatTheSlotIsFree();
    }

    @Test
    void aRowThatCannotBeAloneInTimeIsReturnedAndNotComputed() throws Exception {
        Thread other = new Thread(() -> gate.enter(false)); // never exits
        other.start();
        other.join();

        ResultMessage result = answer(Samples.Powers.class, true, false);

        assertThat(result).isEqualTo(new ResultMessage(0, 5, 99, 2, "node", 0, Kind.NOT_ALONE, Map.of(), List.of()));
        assertThat(Samples.Powers.calls).isZero();
        assertThatTheSlotIsFree();
    }

    @Test
    void aValueThatCannotBeEncodedFailsTheRow() throws IOException {
        ResultMessage result = answer(FaultyTables.Unencodable.class, false, false);

        assertThat(result.values()).isEmpty();
        assertThat(result.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.errorClass()).isEqualTo("java.lang.NoClassDefFoundError");
            assertThat(failure.message()).isEqualTo("digits");
        });
        assertThatTheSlotIsFree();
    }

    @Test
    void aFaultOfTheCleanUpDoesNotFailTheRow() throws IOException {
        ResultMessage result = answer(FaultyTables.Untidy.class, false, false);

        assertThat(result.failures()).isEmpty();
        assertThat(result.values()).isEqualTo(Map.of(0, 3));
        assertThatTheSlotIsFree();
    }
}
