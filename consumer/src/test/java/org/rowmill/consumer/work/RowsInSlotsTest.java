package org.rowmill.consumer.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.protocol.HeldRow;

class RowsInSlotsTest {

    @TempDir
    private Path directory;

    @Test
    void aFileThatCannotBeMappedHasTheSameContent() throws IOException {
        Path mapped = directory.resolve("mapped");
        Path written = directory.resolve("written");

        use(RowsInSlots.open(mapped, 3));
        use(new RowsInSlots(SlotFile.written(written, 3 * HeldRow.BYTES), 3));

        assertThat(HeldRow.read(Files.readAllBytes(mapped))).hasSize(2);
        assertThat(written).hasSameBinaryContentAs(mapped);
    }

    @Test
    void anInterruptDoesNotEndTheWrites() throws IOException {
        RowsInSlots rows = new RowsInSlots(SlotFile.written(directory.resolve("written"), HeldRow.BYTES), 1);

        Thread.currentThread().interrupt();
        rows.take(0, 7, 8, 1);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(rows.rows()).containsExactly(7L);
    }

    private static void use(RowsInSlots rows) {
        rows.take(0, 7, 1234567890123L, 2);
        rows.take(1, 8, -1, 1);
        rows.take(2, 9, 5, 1);
        rows.release(1);
        rows.markOverdue(2);
        assertThat(rows.rows()).containsExactly(7L, 9L);
        assertThat(rows.busy()).isEqualTo(2);
    }
}
