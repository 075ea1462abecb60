package org.rowmill.consumer.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.rowmill.consumer.program.CleanupProcess;
import org.rowmill.schemas.model.TableModel;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.RowMessage;
import org.rowmill.table.RowContext;

class RowRunnerTest {

    private static final String NO_CLASS = "java.lang.NoClassDefFoundError";

    private static RowContext context() {
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return new RowScope(
                new RowScope.Site("run", "node", new CleanupProcess(Path.of("never used")), out), "T", 0, 1);
    }

    private static ResultMessage run(Class<?> table, List<Integer> columns, Map<Integer, @Nullable Object> known) {
        return run(table, List.of(3), columns, known);
    }

    private static ResultMessage run(
            Class<?> table, List<Object> index, List<Integer> columns, Map<Integer, @Nullable Object> known) {
        RowMessage row = new RowMessage(0, 5, 99, 2, false, index, columns, known);
        return new RowRunner(List.of(TableModel.of(table)), "node", new Deadline(System::nanoTime)).run(row, context());
    }

    private static ResultMessage run(Class<?> table) {
        return run(table, List.of(), Map.of());
    }

    private static int callsOf(Runnable work) {
        Samples.Powers.calls = 0;
        work.run();
        return Samples.Powers.calls;
    }

    @Test
    void everyColumnIsComputedFromTheColumnsThatItNeeds() {
        ResultMessage result = run(Samples.Powers.class);

        assertThat(result.values()).isEqualTo(Map.of(0, 9L, 1, 27L, 2, 729L));
        assertThat(result.failures()).isEmpty();
        assertThat(result.row()).isEqualTo(5);
        assertThat(result.attempt()).isEqualTo(2);
        assertThat(result.node()).isEqualTo("node");
        assertThat(result.nanos()).isPositive();
    }

    @Test
    void onlyRequestedColumnsAreReturnedAndOnlyRequiredOnesAreComputed() {
        assertThat(run(Samples.Powers.class, List.of(1), Map.of()).values()).isEqualTo(Map.of(1, 27L));
        assertThat(callsOf(() -> run(Samples.Powers.class, List.of(0), Map.of())))
                .isEqualTo(1);
        assertThat(callsOf(() -> run(Samples.Powers.class, List.of(2), Map.of())))
                .isEqualTo(3);
    }

    @Test
    void knownValuesAreNotComputedAgain() {
        int calls = callsOf(() -> assertThat(
                        run(Samples.Powers.class, List.of(2), Map.of(1, 10L)).values())
                .isEqualTo(Map.of(2, 100L)));

        assertThat(calls).isEqualTo(1);
    }

    @Test
    void aFailureIsReportedOnceAndAffectsOnlyColumnsThatNeedIt() {
        ResultMessage result = run(Samples.Failing.class);

        assertThat(result.values()).containsOnlyKeys(0);
        assertThat(result.failures())
                .satisfiesExactlyInAnyOrder(
                        bad -> {
                            assertThat(bad.columns()).isEqualTo("bad");
                            assertThat(bad.errorClass()).isEqualTo("java.lang.IllegalStateException");
                            assertThat(bad.message()).isEqualTo("no 3");
                        },
                        deep -> assertThat(deep.errorClass()).isEqualTo("java.lang.StackOverflowError"),
                        tooLong -> assertThat(tooLong.columns()).isEqualTo("too_long"));
    }

    @Test
    void aTableThatCannotBeInstantiatedFailsAllColumns() {
        ResultMessage result = run(Samples.Uninstantiable.class);

        assertThat(result.values()).isEmpty();
        assertThat(result.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.columns()).isEqualTo("value");
            assertThat(failure.message()).contains("not today");
        });
    }

    @Test
    void runningOutOfMemoryIsNotAFailureOfTheRow() {
        assertThatThrownBy(() -> run(Samples.Hungry.class)).isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void aStoredConstantThatNoLongerExistsFailsOnlyTheColumnsThatNeedIt() {
        ResultMessage result = run(FaultyTables.Colours.class, List.of(1, 2, 3), Map.of(0, "BLUE"));

        assertThat(result.values()).isEqualTo(Map.of(3, 3));
        assertThat(result.failures()).extracting(ResultMessage.Failure::columns).containsExactly("length", "title");
        assertThat(result.failures()).allSatisfy(failure -> {
            assertThat(failure.errorClass()).isEqualTo("java.lang.IllegalArgumentException");
            assertThat(failure.message())
                    .isEqualTo("column colour: the enum Colour has no constant BLUE, but a stored value has this name:"
                            + " restore the constant, or compute the column again");
            assertThat(failure.isRetryable()).isFalse();
        });
    }

    @Test
    void aStoredValueThatNoColumnNeedsIsNotConverted() {
        ResultMessage result = run(FaultyTables.Colours.class, List.of(3), Map.of(0, "BLUE"));

        assertThat(result.values()).isEqualTo(Map.of(3, 3));
        assertThat(result.failures()).isEmpty();
    }

    @Test
    void anEnumThatCannotBeInitializedFailsTheRow() {
        ResultMessage result = run(FaultyTables.BrokenEnums.class, List.of(1), Map.of(0, "ONE"));

        assertThat(result.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.columns()).isEqualTo("length");
            assertThat(failure.errorClass()).isIn("java.lang.ExceptionInInitializerError", NO_CLASS);
            assertThat(failure.isRetryable()).isTrue();
        });
    }

    @Test
    void anExceptionWhoseMethodsThrowFailsItsColumnOnly() {
        ResultMessage result = run(FaultyTables.BadExceptions.class);

        assertThat(result.values()).isEqualTo(Map.of(0, 3));
        assertThat(result.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.columns()).isEqualTo("bad");
            assertThat(failure.errorClass()).isEqualTo(FaultyTables.BadExceptions.Bad.class.getName());
            assertThat(failure.message()).isEqualTo("(its getMessage() threw " + NO_CLASS + ")");
        });
    }

    @Test
    void aListThatThrowsAnErrorFailsItsColumnOnly() {
        ResultMessage result = run(FaultyTables.BadLists.class);

        assertThat(result.values()).isEqualTo(Map.of(0, 3));
        assertThat(result.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.columns()).isEqualTo("list");
            assertThat(failure.errorClass()).isEqualTo(NO_CLASS);
        });
    }

    @Test
    void anIndexThatCannotBeMadeFailsTheRow() {
        ResultMessage result = run(FaultyTables.BadIndices.class);

        assertThat(result.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.columns()).isEqualTo("value");
            assertThat(failure.message())
                    .isEqualTo("table BadIndices: the constructor of the index rejects [3]:"
                            + " java.lang.AssertionError: not three");
        });
        assertThatThrownBy(() -> run(FaultyTables.BadIndices.class, List.of(4), List.of(), Map.of()))
                .isInstanceOf(OutOfMemoryError.class);
    }
}
