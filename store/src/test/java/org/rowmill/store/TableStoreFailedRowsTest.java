package org.rowmill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rowmill.store.Stores.PLAIN;
import static org.rowmill.store.Stores.all;
import static org.rowmill.store.Stores.failure;
import static org.rowmill.store.Stores.files;
import static org.rowmill.store.Stores.index;
import static org.rowmill.store.Stores.key;
import static org.rowmill.store.Stores.longs;
import static org.rowmill.store.Stores.options;
import static org.rowmill.store.Stores.values;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.model.ColumnType.Scalar;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.failed.FailedRow;
import org.rowmill.store.journal.PartWriter;

/** Failed rows are stored beside the table until they are computed. */
class TableStoreFailedRowsTest {

    @TempDir
    Path directory;

    @Test
    void failuresAreKeptAndTheNewestOfARowIsRead() throws IOException {
        try (TableStore store = TableOpening.open(directory, longs("a"), PLAIN);
                PartWriter writer = store.writer()) {
            writer.addFailed(failure(1, "old"), true);
            writer.addFailed(failure(2, "other"), true);
            writer.publish();
            writer.addFailed(failure(1, "new"), false);
            assertThat(writer.publish()).allMatch(file -> file.startsWith(directory.resolve("_failed")));
        }
        try (TableStore store = TableOpening.openReadOnly(directory, false);
                Stream<FailedRow> failed = store.failedRows()) {
            assertThat(failed).containsExactly(failure(1, "new"), failure(2, "other"));
            assertThat(store.readKeys().failed(key(1))).isTrue();
            assertThat(store.readKeys().contains(key(1))).isFalse();
            assertThat(store.rowCount()).isZero();
        }
    }

    @Test
    void resolvedFailuresOfEarlierRunsAreRemoved() throws IOException {
        try (TableStore store = TableOpening.open(directory, longs("a"), PLAIN);
                PartWriter writer = store.writer()) {
            writer.addFailed(failure(1, "first"), true);
            writer.addFailed(failure(2, "first"), true);
            writer.addFailed(failure(3, "first"), true);
            writer.publish();
        }
        try (TableStore store = TableOpening.open(directory, longs("a"), options("run2"));
                PartWriter writer = store.writer()) {
            writer.add(index(1), values(1L));
            writer.addFailed(failure(2, "again"), false);
            writer.publish();
            store.compact(Set.of(key(1), key(2))::contains);
            assertThat(store.failedRows()).containsExactlyInAnyOrder(failure(2, "again"), failure(3, "first"));
            assertThat(files(directory.resolve("_failed"), ".parquet")).hasSize(1);
        }
        try (TableStore store = TableOpening.open(directory, longs("a"), options("run3"))) {
            store.compact(key -> true);
            assertThat(store.failedRows()).isEmpty();
            assertThat(files(directory.resolve("_failed"), ".parquet")).isEmpty();
            assertThat(all(store)).hasSize(1);
        }
    }

    @Test
    void anIndexColumnMayBeNamedMessage() throws IOException {
        TableSchema schema =
                new TableSchema("Mails", List.of(new TableSchema.IndexField("message", Scalar.STRING)), List.of());
        FailedRow row = new FailedRow(List.of("hello"), "a", "E", "no such mail", "", "head", 1);
        try (TableStore store = TableOpening.open(directory, schema, PLAIN);
                PartWriter writer = store.writer()) {
            writer.addFailed(row, true);
            writer.publish();
            assertThat(store.failedRows()).containsExactly(row);
        }
    }
}
