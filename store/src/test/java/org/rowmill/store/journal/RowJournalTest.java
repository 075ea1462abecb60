package org.rowmill.store.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rowmill.store.Stores.PLAIN;
import static org.rowmill.store.Stores.addNew;
import static org.rowmill.store.Stores.all;
import static org.rowmill.store.Stores.column;
import static org.rowmill.store.Stores.files;
import static org.rowmill.store.Stores.index;
import static org.rowmill.store.Stores.longs;
import static org.rowmill.store.Stores.options;
import static org.rowmill.store.Stores.schema;
import static org.rowmill.store.Stores.values;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.model.ColumnType.Scalar;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.ResultMessage.Kind;
import org.rowmill.store.PartInfo;
import org.rowmill.store.Stores;
import org.rowmill.store.TableOpening;
import org.rowmill.store.TableStore;
import org.rowmill.store.parts.PartDirectory;
import org.rowmill.store.parts.PartFooter;

/** The next run recovers expensive rows that a killed run had computed and not published. */
class RowJournalTest {

    private static final Duration EXPENSIVE = Duration.ofMillis(50);
    private static final Duration CHEAP = Duration.ofMillis(49);

    @TempDir
    Path directory;

    private static ResultMessage result(Duration time, Map<Integer, @Nullable Object> values) {
        return new ResultMessage(0, 1, 99, 1, "node", time.toNanos(), Kind.COMPUTED, values, List.of());
    }

    /** Makes the journal of a run that is killed after it received {@code rows} rows, whose column a is the index. */
    private Path killed(TableSchema schema, int rows) throws IOException {
        try (TableStore store = TableOpening.open(directory, schema, PLAIN);
                RowJournal journal = store.journal()) {
            for (long i = 0; i < rows; i++) {
                journal.add(index(i), result(EXPENSIVE, values(i)));
            }
        }
        return journals().get(0);
    }

    private List<Path> journals() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".journal-"))
                    .toList();
        }
    }

    private Map<Object, List<@Nullable Object>> reopened() throws IOException {
        try (TableStore store = TableOpening.open(directory, longs("a"), options("run2"))) {
            assertThat(store.warnings()).isEmpty();
            return all(store);
        }
    }

    @Test
    void expensiveRowsOfAKilledRunBecomeAPartOfThatRun() throws IOException {
        killed(longs("a", "b"), 3);
        try (TableStore store = TableOpening.open(directory, longs("a", "b"), options("run2"))) {
            assertThat(all(store))
                    .isEqualTo(Map.of(0L, List.of(0L, "absent"), 1L, List.of(1L, "absent"), 2L, List.of(2L, "absent")));
            assertThat(store.parts())
                    .filteredOn(part -> part.rows() > 0)
                    .extracting(PartInfo::run)
                    .containsExactly("run1");
            assertThat(store.notes())
                    .containsExactly("Table Samples: recovered 3 rows from the journal of run run1, which was killed");
        }
        assertThat(journals()).isEmpty();
        assertThat(files(directory, ".parquet")).hasSize(1);
    }

    @Test
    void cheapRowsAreNotKept() throws IOException {
        try (TableStore store = TableOpening.open(directory, longs("a"), PLAIN);
                RowJournal journal = store.journal()) {
            journal.add(index(1), result(CHEAP, values(1L)));
            journal.force();
            assertThat(journals()).isEmpty();
        }
    }

    @Test
    void aPublishedPartEndsTheJournal() throws IOException {
        try (TableStore store = TableOpening.open(directory, longs("a"), PLAIN);
                PartWriter writer = store.writer();
                RowJournal journal = store.journal()) {
            for (long i = 0; i < 10; i++) {
                addNew(writer, i, values(i));
                journal.add(index(i), result(EXPENSIVE, values(i)));
                assertThat(journals()).hasSize(1);
                writer.publish();
                journal.clear();
                assertThat(journals()).isEmpty();
            }
        }
        assertThat(reopened()).hasSize(10);
        assertThat(files(directory, ".parquet")).hasSize(10);
    }

    /** The same happens if a power failure undoes the deletion of the journal. */
    @Test
    void rowsPublishedBeforeTheKillAreNotStoredTwice() throws IOException {
        Stores.publish(directory, longs("a"), PLAIN, 50, 51, 1);
        try (TableStore store = TableOpening.open(directory, longs("a"), PLAIN);
                PartWriter writer = store.writer();
                RowJournal journal = store.journal()) {
            for (long i = 0; i < 10; i++) {
                journal.add(index(i), result(EXPENSIVE, values(i)));
                if (i < 7) {
                    addNew(writer, i, values(i));
                }
            }
            writer.publish();
        }
        assertThat(reopened()).hasSize(11);
        try (TableStore store = TableOpening.openReadOnly(directory, false)) {
            assertThat(store.parts()).extracting(PartInfo::rows).containsExactly(1L, 7L, 3L);
        }
        assertThat(journals()).isEmpty();
    }

    /** The published part is older than the values in the journal, so it must not replace them. */
    @Test
    void aRowComputedAgainIsNotMistakenForThePublishedOne() throws IOException {
        Stores.publish(directory, longs("a"), PLAIN, 0, 2, 100);
        killed(longs("a"), 2);
        assertThat(reopened()).isEqualTo(Map.of(0L, List.of(0L), 1L, List.of(1L)));
    }

    @Test
    void completeEntriesOfATornFileAreRecovered() throws IOException {
        byte[] whole = Files.readAllBytes(killed(longs("a"), 3));
        Path file = journals().get(0);
        Files.delete(file);
        int before = 0;
        for (int length = 0; length <= whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            int rows = reopened().size();
            assertThat(rows).as("rows of %d bytes", length).isBetween(before, before + 1);
            assertThat(journals()).isEmpty();
            before = rows;
            for (Path part : files(directory, ".parquet")) {
                Files.delete(part);
            }
        }
        assertThat(before).isEqualTo(3);
    }

    @Test
    void zerosAndGarbageAtTheEndAreIgnored() throws IOException {
        byte[] whole = Files.readAllBytes(killed(longs("a"), 3));
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 20; i++) {
            byte[] longer = Arrays.copyOf(whole, whole.length + 50);
            if (i > 0) {
                random.nextBytes(longer);
                System.arraycopy(whole, 0, longer, 0, whole.length);
            }
            Files.write(directory.resolve(".journal-run1-00000000"), longer);
            assertThat(reopened()).hasSize(3);
        }
    }

    @Test
    void noDamagedByteBecomesAValue() throws IOException {
        byte[] whole = Files.readAllBytes(killed(longs("a"), 3));
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 100; i++) {
            byte[] bad = whole.clone();
            int position = random.nextInt(bad.length);
            bad[position] ^= (byte) (1 + random.nextInt(255));
            Files.write(directory.resolve(".journal-run1-00000000"), bad);
            assertThat(reopened())
                    .as("byte %d", position)
                    .allSatisfy((index, row) -> assertThat(row).containsExactly(index));
            assertThat(journals()).isEmpty();
            for (Path part : files(directory, ".parquet")) {
                Files.delete(part);
            }
        }
    }

    @Test
    void anUnwritableJournalIsBrokenUntilAPartIsPublished() throws IOException {
        Path table = directory.resolve("table");
        try (TableStore store = TableOpening.open(table, longs("a"), PLAIN);
                RowJournal journal = store.journal()) {
            Path away = directory.resolve("away");
            Files.move(table, away);
            journal.add(index(1), result(EXPENSIVE, values(1L)));
            assertThat(journal.isBroken()).isTrue();
            Files.createDirectory(table);
            journal.clear();
            assertThat(journal.isBroken()).isFalse();
            journal.add(index(2), result(EXPENSIVE, values(2L)));
            journal.force();
            assertThat(journal.isBroken()).isFalse();
            assertThat(JournalReplay.files(table)).hasSize(1);
        }
    }

    @Test
    void anInspectionWarnsAndChangesNothing() throws IOException {
        Path file = killed(longs("a"), 3);
        try (TableStore store = TableOpening.openToPlan(directory, longs("a"), options("run2"))) {
            assertThat(store.warnings())
                    .containsExactly(
                            file + ": the rows in this journal are shown as missing; the next run recovers them");
            assertThat(all(store)).isEmpty();
        }
        assertThat(file).exists();
    }

    @Test
    void valuesOfAnotherVersionAreNotValid() throws IOException {
        killed(longs("a"), 3);
        TableSchema raised = schema(column("a", Scalar.LONG, 2));
        try (TableStore store = TableOpening.open(directory, raised, options("run2"))) {
            assertThat(store.readKeys().columns(Stores.key(0)).isEmpty()).isTrue();
        }
        try (TableStore store = TableOpening.open(directory, longs("a"), options("run3"))) {
            assertThat(store.readKeys().columns(Stores.key(0)).get(0)).isTrue();
        }
    }

    @Test
    void aJournalOfAnotherFormatStaysAndCausesAWarning() throws IOException {
        Path file = killed(longs("a"), 3);
        Path other = directory.resolve("other");
        try (TableStore store = TableOpening.open(other, longs("a"), PLAIN);
                RowJournal journal = new RowJournal(other, footer(), new PartDirectory(other), System::nanoTime)) {
            assertThat(store.warnings()).isEmpty();
            journal.add(index(1), result(EXPENSIVE, values(1L)));
        }
        Path newer = other.resolve(file.getFileName());
        byte[] bytes = Files.readAllBytes(newer);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).contains("\"format\":1");
        Files.write(newer, newerFormat(bytes));
        try (TableStore store = TableOpening.open(other, longs("a"), options("run2"))) {
            assertThat(store.warnings())
                    .containsExactly(newer
                            + ": this journal cannot be read (part format 1 or 2 was expected, not 3; a newer Rowmill"
                            + " may have written it). Delete it; the next run computes its rows again");
        }
        assertThat(newer).exists();
    }

    private static PartFooter footer() {
        return new PartFooter(
                "Samples",
                "run1",
                "c0de",
                longs().index(),
                List.of(new PartFooter.StoredColumn(column("a", Scalar.LONG), true)));
    }

    /** Repositions the format number in the first entry, and its checksum. */
    private static byte[] newerFormat(byte[] journal) {
        ByteBuffer bytes = ByteBuffer.wrap(journal.clone());
        int length = bytes.getInt(0);
        String json = new String(journal, RowJournal.HEAD_BYTES, length, StandardCharsets.UTF_8);
        byte[] newer = json.replace("\"format\":1", "\"format\":3").getBytes(StandardCharsets.UTF_8);
        bytes.putInt(Integer.BYTES, RowJournal.checksum(newer)).put(RowJournal.HEAD_BYTES, newer);
        return bytes.array();
    }
}
