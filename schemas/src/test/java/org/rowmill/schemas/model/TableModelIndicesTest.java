package org.rowmill.schemas.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rowmill.schemas.model.SampleTables.row;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.rowmill.schemas.model.SampleTables.Files;
import org.rowmill.schemas.model.SampleTables.Level;
import org.rowmill.table.Column;
import org.rowmill.table.Table;

/** The columns of the index of a table, and the indices that can be stored. */
class TableModelIndicesTest {

    @Test
    void eachComponentOfARecordIndexIsAColumn() throws Throwable {
        TableModel model = TableModel.of(Cases.class);
        Case index = new Case(Path.of("a", "b.txt"), (short) 3, Level.HIGH);

        assertThat(model.schema().index())
                .containsExactly(
                        new TableSchema.IndexField("file_name", ColumnType.Scalar.PATH),
                        new TableSchema.IndexField("task", ColumnType.Scalar.INT),
                        new TableSchema.IndexField("level", ColumnType.Scalar.ENUM));
        assertThat(model.storedIndex(index)).containsExactly("a/b.txt", 3, "HIGH");
        assertThat(model.index(List.of("a/b.txt", 3, "HIGH"))).isEqualTo(index);
        assertThat(row(model, index)).containsExactly("a/b.txt3", 3L);
    }

    @Test
    void indicesThatCannotBeStoredAreRejected() {
        TableModel model = TableModel.of(Cases.class);

        assertThatThrownBy(() -> model.storedIndex(null)).hasMessage("table Cases: index() listed null");
        assertThatThrownBy(() -> model.storedIndex(new Case(Path.of("/etc/x"), (short) 1, Level.HIGH)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("file_name")
                .hasMessageContaining("/etc/x");
        assertThatThrownBy(() -> model.storedIndex(new Case(Path.of("x"), (short) 1, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("level cannot be stored: null");
    }

    @Test
    void theColumnOfASingleValueCanBeNamed() {
        assertThat(TableModel.of(Files.class).schema().index())
                .containsExactly(new TableSchema.IndexField("file", ColumnType.Scalar.PATH));
    }

    @Test
    void instantsAreTruncatedToMicroseconds() {
        TableModel model = TableModel.of(Days.class);

        assertThat(model.storedIndex(Instant.ofEpochSecond(-1, 123_456_789)))
                .containsExactly(Instant.ofEpochSecond(-1, 123_456_000));
        assertThatThrownBy(() -> model.storedIndex(Instant.MAX)).isInstanceOf(IllegalArgumentException.class);
    }

    record Case(Path fileName, short task, @Nullable Level level) {}

    public static class Cases extends Table<Case> {
        @Override
        public Stream<Case> index() {
            return Stream.of();
        }

        @Column
        String both(Path fileName, Case whole) {
            return fileName + "" + whole.task();
        }

        @Column
        long wide(long task) {
            return task;
        }
    }

    public static class Days extends Table<Instant> {
        @Override
        public Stream<Instant> index() {
            return Stream.of();
        }

        @Column
        int day(Instant index) {
            return 0;
        }
    }
}
